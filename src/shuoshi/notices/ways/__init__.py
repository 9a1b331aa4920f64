"""The ways out of the machine. Each turns one text for one address into one answer; nothing here reads the database."""

from shuoshi.notices.ways.base import Answer, Came, Outgoing, Sender

__all__ = ["Answer", "Came", "Outgoing", "Sender"]
