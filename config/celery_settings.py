"""Celery's settings. The queue is a doorbell: losing all of it loses nothing, so nothing is made durable here."""

from config.environment import text

broker_url = text("PROOFROOM_BROKER_URL", "")
result_backend = None
task_ignore_result = True
task_default_queue = "default"
task_acks_late = False
worker_prefetch_multiplier = 1
worker_hijack_root_logger = False
worker_enable_remote_control = False
worker_send_task_events = False
broker_connection_retry_on_startup = True
broker_transport_options = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 5}
