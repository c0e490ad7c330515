"""Keys, standing, and publication that is cut off at any point."""
import contextlib
import errno
import os
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import units
from units import Fingerprints, Results, Unit, sha256


class Killed(BaseException):
    """Stands for a process that ends at once, so no handler of ours may catch it."""


class PublicationTest(unittest.TestCase):
    KEY = {"model": "m", "code": "c"}

    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.results = Results(self.root)
        self.unit = Unit(Path("02-prune.ipynb"), "smollm2-135m", "bundled", "default")

    def stage(self, **files):
        folder = self.results.begin(self.unit, self.KEY) / "out/paper-tables/smollm2-135m/bundled"
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_text(content)

    def visible(self):
        folder = self.root / "paper-tables/smollm2-135m/bundled"
        return {file.name: file.read_text() for file in folder.iterdir()} if folder.exists() else {}

    def publish(self, **files):
        self.stage(**files)
        self.results.publish(self.unit, self.KEY, 3.25)

    def measure(self, *steps, **changed):
        """Leaves steps of 1.25 s in the journal, as a run of that key does."""
        folder = self.results.journal_folder(self.unit, {**self.KEY, **changed})
        folder.mkdir(parents=True, exist_ok=True)
        for step in steps:
            (folder / step).write_bytes(b"0123 1.250\n\x00\xff")

    def kept(self, **changed):
        return self.results.kept_seconds(self.unit, {**self.KEY, **changed})

    def standing(self, **changed):
        return self.results.standing(self.unit, {**self.KEY, **changed})

    def test_a_published_unit_is_finished_and_says_what_it_cost(self):
        self.assertEqual("not run", self.standing())
        self.publish(a="1", b="2")
        self.assertEqual("finished", self.standing())
        self.assertEqual(3.2, self.results.state(self.unit)["seconds"])
        self.assertFalse(self.results.staging_folder(self.unit).exists())

    def test_what_was_measured_is_kept_until_the_unit_is_published(self):
        self.measure("1a", "2b", ".3c.77.tmp")
        self.assertEqual(2.5, self.kept())
        self.stage(a="1")
        self.results.recover()
        self.assertEqual(2.5, self.kept())
        self.publish(a="1")
        self.assertEqual(0, self.kept())
        self.assertEqual([], list(self.results.journals.iterdir()))

    def test_what_was_measured_under_another_key_is_not_kept(self):
        self.measure("1a", code="other")
        self.measure("2b")
        self.assertEqual((1.25, 1.25), (self.kept(), self.kept(code="other")))
        self.results.begin(self.unit, self.KEY)
        self.assertEqual((1.25, 0), (self.kept(), self.kept(code="other")))

    def test_another_size_keeps_its_own(self):
        self.measure("1a")
        full = Unit(self.unit.notebook, self.unit.model, self.unit.text, "full")
        self.results.begin(full, self.KEY)
        self.assertEqual((0, 1.25), (self.results.kept_seconds(full, self.KEY), self.kept()))

    def test_results_that_merely_lie_in_the_checkout_are_not_finished(self):
        self.publish(a="1")
        shutil.rmtree(self.root / "build")
        self.assertEqual({"a": "1"}, self.visible())
        self.assertEqual("not run", self.standing())

    def test_each_changed_part_of_the_key_is_named(self):
        self.publish(a="1")
        self.assertEqual("out of date: code changed", self.standing(code="other"))
        self.assertEqual("out of date: model, code changed", self.standing(code="other", model="other"))
        self.assertEqual("out of date: text changed", self.standing(text="new part"))

    def test_a_missing_or_edited_result_is_out_of_date(self):
        self.publish(a="1", b="2")
        (self.root / "paper-tables/smollm2-135m/bundled/a").write_text("edited")
        self.assertEqual("out of date: results changed", self.standing())
        (self.root / "paper-tables/smollm2-135m/bundled/a").unlink()
        self.assertEqual("out of date: results changed", self.standing())

    def test_a_damaged_state_means_not_run(self):
        self.publish(a="1")
        for damage in ("", "{", "[]", '{"outputs": 3}', "\0"):
            self.results.state_file(self.unit).write_text(damage)
            self.assertEqual("not run", self.standing(), damage)

    def test_files_that_a_new_run_no_longer_makes_go_away(self):
        self.publish(a="1", b="2")
        self.publish(b="3", c="4")
        self.assertEqual({"b": "3", "c": "4"}, self.visible())

    def test_another_size_has_a_state_of_its_own(self):
        self.publish(a="1")
        full = Unit(self.unit.notebook, self.unit.model, self.unit.text, "full")
        self.assertEqual("not run", self.results.standing(full, self.KEY))

    def test_a_file_outside_the_units_folders_is_refused_and_nothing_moves(self):
        for path in ("paper-tables/claims.csv", "src/main/A.java", "figures/other-model/bundled/a.svg"):
            self.stage(a="1")
            stray = self.results.staging_folder(self.unit) / "out" / path
            stray.parent.mkdir(parents=True, exist_ok=True)
            stray.write_text("stray")
            with self.assertRaisesRegex(ValueError, path):
                self.results.publish(self.unit, self.KEY, 1)
            self.assertEqual({}, self.visible())

    def test_killed_at_any_point_a_publication_is_whole_or_absent_after_recovery(self):
        """Ends the process before its 1st, 2nd, ... change to the disk, until it gets through unharmed."""
        old, new = {"a": "1", "gone": "2"}, {"a": "3", "b": "4"}
        seen = set()
        for survives in range(1000):
            shutil.rmtree(self.root)
            self.publish(**old)
            self.stage(**new)
            self.measure("1a", "2b")
            try:
                with dies_before_change(survives):
                    self.results.publish(self.unit, self.KEY, 1)
                died = False
            except Killed:
                died = True
            self.results.recover()
            self.assertIn(self.visible(), (old, new), f"killed after {survives} changes")
            self.assertEqual("finished", self.standing(), f"killed after {survives} changes")
            self.assertEqual([], list(self.results.staging.iterdir()))
            self.assertEqual(2.5 if self.visible() == old else 0, self.kept(), f"killed after {survives} changes")
            seen.add("new" if self.visible() == new else "old")
            if not died:
                break
        self.assertEqual({"old", "new"}, seen)
        self.assertGreater(survives, 8)

    def test_killed_during_recovery_it_is_recovered_by_the_next(self):
        new = {"a": "3", "b": "4"}
        for survives in range(1000):
            shutil.rmtree(self.root)
            self.publish(a="1", gone="2")
            self.stage(**new)
            with contextlib.suppress(Killed), mock.patch.object(Results, "roll_forward", side_effect=Killed):
                self.results.publish(self.unit, self.KEY, 1)
            died = False
            try:
                with dies_before_change(survives):
                    self.results.recover()
            except Killed:
                died = True
            self.results.recover()
            self.assertEqual(new, self.visible(), f"killed after {survives} changes")
            self.assertEqual("finished", self.standing())
            if not died:
                break
        self.assertGreater(survives, 5)

    def test_on_a_full_disk_the_old_results_stay_and_the_next_run_publishes(self):
        """The disk is full at the 1st, 2nd, ... file that is to be written, until it holds them all."""
        for fits in range(100):
            shutil.rmtree(self.root)
            self.publish(a="1")
            self.stage(a="2")
            written, write_text = [], Path.write_text

            def write(file, text, **options):
                written.append(file)
                if len(written) > fits:
                    file.touch()  # its beginning may be there
                    raise OSError(errno.ENOSPC, "No space left on device", str(file))
                return write_text(file, text, **options)

            with mock.patch.object(Path, "write_text", write):
                try:
                    self.results.publish(self.unit, self.KEY, 1)
                    break
                except OSError:
                    pass
            self.assertEqual({"a": "1"}, self.visible())
            self.assertEqual("finished", self.standing())
            self.publish(a="2")
            self.assertEqual({"a": "2"}, self.visible())
        self.assertEqual(2, fits)

    def test_an_unfinished_run_leaves_nothing(self):
        self.publish(a="1")
        self.stage(a="half")
        self.results.recover()
        self.assertEqual({"a": "1"}, self.visible())
        self.assertEqual("finished", self.standing())


@contextlib.contextmanager
def dies_before_change(survives):
    left = [survives]

    def dying(call):
        def wrapper(*args, **options):
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            return call(*args, **options)
        return wrapper

    with contextlib.ExitStack() as patches:
        # shutil.rmtree removes through os.unlink and os.rmdir, so it dies half way too.
        for owner, name in ((os, "replace"), (os, "unlink"), (os, "rmdir"), (os, "mkdir"), (Path, "unlink"),
                            (Path, "write_text"), (units, "sync")):
            patches.enter_context(mock.patch.object(owner, name, dying(getattr(owner, name))))
        yield


class FingerprintsTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "sources").mkdir()
        (self.folder / "sources/a").write_text("1")
        (self.folder / "sources/b").write_text("2")
        self.fingerprints = Fingerprints(self.folder / "known.json")

    def of_sources(self):
        return self.fingerprints.of(self.folder / "sources")

    def test_contents_and_names_both_count(self):
        before = self.of_sources()
        self.assertEqual(before, self.of_sources())
        (self.folder / "sources/b").rename(self.folder / "sources/c")
        renamed = self.of_sources()
        self.assertNotEqual(before, renamed)
        (self.folder / "sources/c").write_text("3")
        self.assertNotEqual(renamed, self.of_sources())

    def test_a_large_file_is_read_once_until_it_changes(self):
        large = self.folder / "model"
        large.write_bytes(b"x" * Fingerprints.LARGE)
        self.fingerprints.of(large)
        with mock.patch.object(units, "sha256", side_effect=AssertionError("read again")):
            Fingerprints(self.fingerprints.file).of(large)
        before = self.fingerprints.of(large)
        large.write_bytes(b"y" * (Fingerprints.LARGE + 1))
        self.assertNotEqual(before, self.fingerprints.of(large))

    def test_without_room_to_keep_it_a_hash_is_known_for_this_run(self):
        large = self.folder / "model"
        large.write_bytes(b"x" * Fingerprints.LARGE)
        with mock.patch.object(units, "write_json", side_effect=OSError(errno.ENOSPC, "No space left on device")):
            self.assertEqual(sha256(large), self.fingerprints.of_file(large))

    def test_the_reading_of_a_large_file_says_how_far_it_is(self):
        large = self.folder / "model"
        large.write_bytes(b"x" * (2 * Fingerprints.LARGE + 1))
        told = []
        Fingerprints(self.folder / "other.json", lambda *news: told.append(news)).of(large)
        size = 2 * Fingerprints.LARGE + 1
        self.assertEqual([(large, done, size) for done in (0, 1 << 20, 2 << 20)], told)

    def test_damaged_knowledge_is_forgotten(self):
        large = self.folder / "model"
        large.write_bytes(b"x" * Fingerprints.LARGE)
        self.fingerprints.file.write_text("not json")
        self.assertEqual(sha256(large), Fingerprints(self.fingerprints.file).of_file(large))
