useradd someone
