"""The enterprise's side under /credit/mine/: its managers read the own file and speak for it."""
