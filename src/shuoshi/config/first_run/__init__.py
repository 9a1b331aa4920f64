"""The first page of an empty home: a demo, or a real institution with its first administrator. Gone once there is one."""
