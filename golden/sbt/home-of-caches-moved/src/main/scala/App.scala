object App
