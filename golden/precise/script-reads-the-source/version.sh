cat README.md
