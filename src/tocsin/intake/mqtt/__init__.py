"""MQTT: messages of a user's broker, acknowledged after the commit (INTEGRATIONS.md section 2)."""
