"""The build tools of the Java virtual machine."""
