"""Parameter names: from the class file, from a sources jar, or arg0, arg1 …"""
