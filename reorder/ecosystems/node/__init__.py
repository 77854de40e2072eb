"""The installers of Node projects."""
