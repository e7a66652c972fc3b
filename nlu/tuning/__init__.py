"""How the sentence encoder of the release is made: a public multilingual encoder, taught on the project's own messages.

Needs PyTorch and is run by hand (`make encoder`), seldom: `parley nlu train` teaches the classifier over it in minutes.
"""
