"""The catalogue: what an output folder holds, for people with a browser and for programs."""
