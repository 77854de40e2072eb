INDEX = 'hello'
