package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.InvalidInputException;
import superweight.report.Results.Setting;
import superweight.stats.Interval;

class VerdictTableTest {
    private static final Setting SMALL_MODEL = new Setting("small-model", "bundled");
    private static final Setting PAPER_MODEL = new Setting("paper-model", "wikitext2");
    private static final Claims CLAIMS = new Claims(List.of(
            ClaimFixture.claim("original", "5.67", Comparison.RELATIVE, 0.02, ""),
            ClaimFixture.claim("prune-sw", "1211.11", Comparison.LOG10, 0.3, ">= 10")));
    private static final List<Measured> MEASURED = List.of(
            Measured.of("original", new Interval(19.921, 18.4, 21.5, 0.95)),
            Measured.of("prune-sw", new Interval(216.84, 190, 240.123, 0.95))
                    .withEffect(new Interval(10.885, 10.1, 11.66, 0.95)));

    @TempDir
    Path paperTables;

    @Test
    void anotherModelIsNeverJudgedAgainstThePaper() {
        VerdictTable table = VerdictTable.of(CLAIMS, Results.of(SMALL_MODEL, MEASURED), SMALL_MODEL);
        for (VerdictTable.Row row : table.rows()) {
            assertEquals(Verdict.NOT_RUN, row.verdict());
            assertEquals(Optional.of("needs owner/paper-model on the whole of wikitext2"), row.reason());
        }
        assertEquals(Optional.empty(), table.rows().get(0).outcome());
        assertEquals(Optional.of(Inequality.Outcome.HOLDS), table.rows().get(1).outcome());
        assertEquals("""
                | claim | paper (its model) | this run on the paper's model | verdict | same effect on small-model, bundled (this run) |
                | --- | --- | --- | --- | --- |
                | Perplexity with one weight pruned | 5.67 (paper-model, wikitext2) | – | not run | 19.92 [18.40, 21.50] |
                | Perplexity with one weight pruned | 1211.11 (paper-model, wikitext2) | – | not run | holds: 10.9 [10.1, 11.7], needs >= 10 (perplexity 216.84 [190.00, 240.12]) |

                `not run`: needs a full run on the claim's own model, and on its text where it names one: owner/paper-model (2 claims).
                Square brackets hold 95 % intervals over windows, prompts, contexts or items.
                """, table.markdown());
    }

    @Test
    void theSameModelOnAnotherTextIsNotJudgedEither() {
        Setting otherText = new Setting("paper-model", "bundled");
        VerdictTable table = VerdictTable.of(CLAIMS, Results.of(otherText, MEASURED), otherText);
        assertEquals(Verdict.NOT_RUN, table.rows().get(0).verdict());
    }

    @Test
    void aRunOnThePapersModelIsJudgedWhereverItIsShown() throws IOException {
        save(PAPER_MODEL, "02-prune", List.of(
                Measured.of("original", 5.70), Measured.of("prune-sw", 400).withEffect(70.2)));
        save(SMALL_MODEL, "02-prune", MEASURED);
        VerdictTable table = VerdictTable.of(CLAIMS, Results.read(paperTables), SMALL_MODEL);
        assertEquals(List.of("reproduced", "same conclusion"),
                table.rows().stream().map(row -> row.verdict().toString()).toList());
        assertTrue(table.markdown().contains("| 5.70 | reproduced |"), table::markdown);
        assertTrue(table.markdown().contains("| 400.00 | same conclusion |"), table::markdown);
        assertFalse(table.markdown().contains("not run"));
    }

    @Test
    void aMeasurementIsJudgedByTheTextThatItWasMadeOn() {
        Claim onC4 = ClaimFixture.onText("c4", CLAIMS.rows().get(0));
        for (String text : List.of("c4", "wikitext2")) {
            Results results = Results.of(PAPER_MODEL, List.of(Measured.of("original", 5.70).onText(text)));
            VerdictTable table = VerdictTable.of(new Claims(List.of(onC4)), results, PAPER_MODEL);
            assertEquals(text.equals("c4") ? Verdict.REPRODUCED : Verdict.NOT_RUN, table.rows().get(0).verdict());
            assertTrue(table.markdown().contains("| 5.70 on " + text + " |"), table::markdown);
        }
    }

    @Test
    void aPaperValueStandsInThePapersColumnOnly() {
        VerdictTable table = VerdictTable.of(CLAIMS, Results.of(SMALL_MODEL, List.of()), SMALL_MODEL);
        for (List<String> row : table.grid().rows()) {
            assertEquals(List.of("–", "not run", "–"), row.subList(2, 5));
        }
    }

    @Test
    void claimsThatDifferInTheirModelsOnlyShareARowWhereNothingWasMeasured() {
        Claim other = ClaimFixture.about(
                "other/model", ClaimFixture.claim("other", "7.5", Comparison.RELATIVE, 0.02, ""));
        Claims claims = new Claims(List.of(CLAIMS.rows().get(0), CLAIMS.rows().get(1), other));
        VerdictTable table = VerdictTable.of(claims, Results.of(SMALL_MODEL, MEASURED.subList(1, 2)), SMALL_MODEL);
        assertEquals(List.of(
                        "5.67 (paper-model, wikitext2); 7.5 (model, wikitext2)", "1211.11 (paper-model, wikitext2)"),
                table.grid().rows().stream().map(row -> row.get(1)).toList());
        assertTrue(table.markdown().contains(": owner/paper-model (2 claims), other/model (1 claim).\n"),
                table::markdown);
        assertEquals(4, table.csv().lines().count());
    }

    @Test
    void someOfTheClaimsAreShownByThemselves() {
        VerdictTable table = VerdictTable.of(CLAIMS, Results.of(SMALL_MODEL, MEASURED), SMALL_MODEL);
        VerdictTable some = table.about(new Claims(CLAIMS.rows().subList(1, 2)));
        assertEquals(table.rows().subList(1, 2), some.rows());
    }

    @Test
    void saysInfiniteAndNotANumber() {
        List<Measured> destroyed = List.of(
                Measured.of("original", Double.NaN),
                Measured.of("prune-sw", Double.POSITIVE_INFINITY).withEffect(Double.POSITIVE_INFINITY));
        VerdictTable table = VerdictTable.of(CLAIMS, Results.of(SMALL_MODEL, destroyed), SMALL_MODEL);
        assertEquals("not a number", table.grid().rows().get(0).get(4));
        assertEquals("holds: infinite, needs >= 10", table.grid().rows().get(1).get(4));
    }

    /** NaN is the number of a model that was destroyed; where there is no answer there is no number. */
    @Test
    void saysWhyAQuestionHasNoAnswer() {
        List<Measured> unanswered = List.of(Measured.unanswered("prune-sw", "nothing is gained"));
        VerdictTable table = VerdictTable.of(CLAIMS, Results.of(SMALL_MODEL, unanswered), SMALL_MODEL);
        assertEquals("no answer: nothing is gained", table.grid().rows().get(1).get(4));
        assertTrue(table.csv().endsWith(",small-model,bundled,,,,>= 10,,,,no answer\n"), table::csv);
        VerdictTable own = VerdictTable.of(CLAIMS, Results.of(PAPER_MODEL, unanswered), PAPER_MODEL);
        assertEquals("no answer: nothing is gained", own.grid().rows().get(1).get(2));
        assertEquals("differs", own.grid().rows().get(1).get(3));
    }

    @Test
    void fitsATerminal() {
        VerdictTable table = VerdictTable.of(
                Claims.read(Checkout.current().claims()), Results.of(SMALL_MODEL, List.of()), SMALL_MODEL);
        String text = table.plain();
        assertTrue(text.lines().allMatch(line -> line.length() <= VerdictTable.TERMINAL_WIDTH), text);
        assertTrue(text.lines().anyMatch(line -> line.contains("1211.11")), text);
    }

    @Test
    void aTerminalShowsTheColumnOfThePapersModelOnlyWhereItHoldsSomething() throws IOException {
        String without = VerdictTable.of(CLAIMS, Results.of(SMALL_MODEL, MEASURED), SMALL_MODEL).plain();
        assertEquals("claim                             paper (its model)                 verdict  "
                + "same effect on small-model,", without.lines().findFirst().orElseThrow());
        assertFalse(without.contains("–"), without);
        save(PAPER_MODEL, "02-prune", List.of(Measured.of("original", 5.70)));
        String with = VerdictTable.of(CLAIMS, Results.read(paperTables), SMALL_MODEL).plain();
        assertTrue(with.contains("paper's") && with.contains("5.70"), with);
    }

    @Test
    void csvCarriesEveryNumberExactly() {
        VerdictTable table = VerdictTable.of(CLAIMS, Results.of(SMALL_MODEL, MEASURED), SMALL_MODEL);
        String line = table.csv().lines().skip(2).findFirst().orElseThrow();
        assertEquals("prune-sw,Perplexity with one weight pruned,arXiv:1,Table 1,owner/paper-model,"
                + "wikitext2,1211.11,perplexity,,not run,needs owner/paper-model on the whole of wikitext2,small-model,"
                + "bundled,216.84,190.0,240.123,>= 10,10.885,10.1,11.66,holds", line);
    }

    @Test
    void refusesAMeasurementWithoutAClaim() {
        Results results = Results.of(SMALL_MODEL, List.of(Measured.of("unheard-of", 1)));
        assertEquals("results for small-model on bundled: expected ids of claims.csv, found unheard-of.",
                assertThrows(InvalidInputException.class,
                        () -> VerdictTable.of(CLAIMS, results, SMALL_MODEL)).getMessage());
    }

    @Test
    void refusesAClaimMeasuredByTwoNotebooks() throws IOException {
        save(SMALL_MODEL, "02-prune", MEASURED);
        save(SMALL_MODEL, "03-other", MEASURED);
        assertEquals("03-other.claims.csv: expected claim original to be measured once on small-model and "
                + "bundled, found it a second time.",
                assertThrows(InvalidInputException.class, () -> Results.read(paperTables)).getMessage());
    }

    @Test
    void measuredFilesReadBackAsTheyWereWritten() throws IOException {
        List<Measured> extreme = List.of(
                Measured.of("a", Double.NaN),
                Measured.of("b", Double.POSITIVE_INFINITY).withEffect(Double.POSITIVE_INFINITY),
                Measured.unanswered("d", "nothing, or less, is gained").on(Run.Size.DEFAULT),
                Measured.of("c", new Interval(1.0 / 3, 1e-12, 1e300, 0.9))
                        .withEffect(new Interval(2, 1, Double.POSITIVE_INFINITY, 0.95)));
        save(SMALL_MODEL, "02-prune", extreme);
        Path file = paperTables.resolve("small-model/bundled/02-prune.claims.csv");
        assertEquals(extreme, MeasuredFile.read(file));
    }

    @Test
    void refusesAMeasuredFileWithReversedEnds() throws IOException {
        save(SMALL_MODEL, "02-prune", MEASURED);
        Path file = paperTables.resolve("small-model/bundled/02-prune.claims.csv");
        Files.writeString(file, Files.readString(file).replace(",18.4,", ",28.4,"));
        assertEquals("02-prune.claims.csv, line 2, column low: expected at most 21.5, found \"28.4\".",
                assertThrows(InvalidInputException.class, () -> Results.read(paperTables)).getMessage());
    }

    private void save(Setting setting, String notebook, List<Measured> measured) throws IOException {
        Path folder = Files.createDirectories(paperTables.resolve(setting.model()).resolve(setting.text()));
        Files.writeString(folder.resolve(notebook + ".claims.csv"), MeasuredFile.csv(measured));
    }
}
