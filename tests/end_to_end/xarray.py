"""Checks the file that xarray.sh makes, as a person would read it."""
import sys

# this file has the name of the package that it tests
sys.path.pop(0)
import numpy  # noqa: E402
import xarray  # noqa: E402

path = sys.argv[1]
with xarray.open_dataset(path, engine="h5netcdf") as ds:
    assert dict(ds.sizes) == {"gate": 2, "beta": 2, "rate": 2, "seed": 3, "source": 2, "class": 4, "epoch": 6,
                              "metric": len(ds.metric)}, ds.sizes
    assert list(ds.gate.values) == ["unq", "and"]
    assert list(ds.beta.values) == [0.0, 15.0] and ds.beta.dtype == numpy.float64
    assert list(ds.seed.values) == [0, 1, 2] and ds.seed.dtype == numpy.int64
    assert list(ds.source.values) == [1, 2] and list(ds["class"].values) == [0, 1, 2, 3]
    assert list(ds.epoch.values) == [1, 2, 3, 4, 5, 6]

    # zipped axes: one dimension, two coordinates
    assert "batch" in ds.coords and ds.batch.dims == ("rate",) and list(ds.batch.values) == [64, 128]

    mean = ds.redundant_information.sel(gate="unq", beta=15).mean("seed")
    assert mean.dims == ("rate",) and numpy.isfinite(mean).all()
    assert ds.usable_information.dims == ("gate", "beta", "rate", "seed", "source")
    last = ds.history.sel(metric="redundant_information", gate="unq", beta=15).isel(epoch=-1)
    assert last.dims == ("rate", "seed") and numpy.isfinite(last).all()

    # excluded cells are absent and hold nothing; all others are done
    absent = ds.status.sel(gate="and", beta=0, seed=2)
    assert ds.status.dtype == numpy.uint8 and (absent == 0).all()
    assert numpy.isnan(ds.redundant_information.sel(gate="and", beta=0, seed=2)).all()
    assert int((ds.status == 3).sum()) == 22
    assert ds.status.attrs["flag_meanings"].split()[3] == "done"
    assert ds.attempts.dtype == numpy.int32 and int(ds.attempts.sum()) == 22
    assert ds["rank"].dtype == numpy.int32 and ds.checksum.dtype == numpy.uint32

    assert ds.redundant_information.attrs["units"] == "bits" and ds.redundant_information.attrs["long_name"]
    assert ds.attrs["title"] == "Gates for xarray" and ds.attrs["rine.distance"] == "l1"
    assert ds.attrs["data.samples"] == 1000 and "zip: [[rate, batch]]" in ds.attrs["sweep_file"]

with xarray.open_dataset(path, engine="h5netcdf", group="runs") as runs:
    first = runs.sel(run=1)
    assert first.started.item().startswith(b"20") and first.ending.item() == b"done" and int(first.ranks) == 1
    assert runs.started.sel(run=2).item() == b""
