from pathlib import Path
class Judge:
    def __init__(self, run): self.findings=[]; self.head=""; self.figures={}; self.has_broken=False
    def broke(self, w): self.findings.append(w); self.has_broken=True; print("BROKE", w)
    def started(self, s): pass
    def clock_set(self): pass
    def slept(self): pass
    def look(self, s): pass
    def look_at_the_end(self, f): pass
