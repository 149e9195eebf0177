print("kmf")
