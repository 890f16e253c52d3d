"""The catalogue in the words of the web.  [W3C DCAT 3; DCAT-AP 3]"""
