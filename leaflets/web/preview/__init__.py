"""The translator's page: a leaflet as printed, with the state of each sentence."""
