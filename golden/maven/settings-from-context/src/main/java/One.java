class One {}
