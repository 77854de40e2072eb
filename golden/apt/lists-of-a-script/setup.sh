apt-get install -y git
