"""The product as people meet it: whole stories in a real Chromium, through pages only."""
