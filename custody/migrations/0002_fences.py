"""What PostgreSQL itself refuses: changing or removing what the ledger holds."""

from typing import ClassVar

from django.db import migrations

KEPT = ("entry", "subject", "leaf", "leafsubject", "node", "checkpoint")

# pg_temp stands last in each search path: left out, it comes first, and anybody's temporary table would shadow ours.
FUNCTIONS = """
CREATE FUNCTION custody_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The custody ledger is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION custody_await() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO custody_waiting (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

-- An order covers an entry when it succeeded and names one of the entry's subjects among its own.
CREATE FUNCTION custody_order_covers(ordered uuid, entry uuid) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM custody_entry o
        JOIN custody_subject os ON os.entry_id = o.id
        JOIN custody_subject es ON es.kind = os.kind AND es.object_id = os.object_id
        WHERE o.id = ordered AND o.event = 'erasure.ordered' AND o.outcome = 'success' AND es.entry_id = entry
    )
$$;

CREATE FUNCTION custody_erase_only_by_order() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ordered uuid := NULLIF(current_setting('proofroom.erasure_order', true), '')::uuid;
BEGIN
    IF ordered IS NULL OR NOT custody_order_covers(ordered, OLD.entry_id) THEN
        RAISE EXCEPTION 'An opening is erased only by an order that the ledger holds.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;

-- The eraser's one act. Returns how many openings it deleted: 1, or 0 when this one is gone already.
CREATE FUNCTION custody_erase(about uuid, field text, ordered uuid) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    erased integer;
BEGIN
    IF ordered IS NULL OR NOT custody_order_covers(ordered, about) THEN
        RAISE EXCEPTION 'An opening is erased only by an order that the ledger holds.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('proofroom.erasure_order', ordered::text, true);
    DELETE FROM custody_opening WHERE entry_id = about AND name = field;
    GET DIAGNOSTICS erased = ROW_COUNT;
    PERFORM set_config('proofroom.erasure_order', '', true);
    RETURN erased;
END $$;
REVOKE EXECUTE ON FUNCTION custody_erase(uuid, text, uuid), custody_order_covers(uuid, uuid), custody_refuse(),
    custody_await(), custody_erase_only_by_order() FROM PUBLIC;

CREATE TRIGGER await_a_leaf AFTER INSERT ON custody_entry FOR EACH ROW EXECUTE FUNCTION custody_await();
CREATE TRIGGER never_changed BEFORE UPDATE OR TRUNCATE ON custody_opening
    FOR EACH STATEMENT EXECUTE FUNCTION custody_refuse();
CREATE TRIGGER erased_only_by_order BEFORE DELETE ON custody_opening
    FOR EACH ROW EXECUTE FUNCTION custody_erase_only_by_order();
"""

FENCES = "".join(
    f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION custody_refuse();\n"
    for table in KEPT
)

UNDO = (
    "".join(f"DROP TRIGGER never_changed ON custody_{table};\n" for table in (*KEPT, "opening"))
    + """
DROP TRIGGER erased_only_by_order ON custody_opening;
DROP TRIGGER await_a_leaf ON custody_entry;
DROP FUNCTION custody_erase(uuid, text, uuid);
DROP FUNCTION custody_erase_only_by_order();
DROP FUNCTION custody_order_covers(uuid, uuid);
DROP FUNCTION custody_await();
DROP FUNCTION custody_refuse();
"""
)


class Migration(migrations.Migration):
    """Triggers and functions of the ledger. They are a fence; the proof is the checkpoint that others keep."""

    dependencies: ClassVar = [("custody", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FUNCTIONS + FENCES, UNDO)]
