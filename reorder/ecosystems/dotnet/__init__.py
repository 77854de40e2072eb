"""The dotnet command."""
