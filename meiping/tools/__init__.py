"""Words of the command line that are programs of their own: demonstration shop, tour, bench."""
