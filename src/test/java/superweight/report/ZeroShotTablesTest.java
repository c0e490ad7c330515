package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import superweight.stats.PairedBootstrap;

class ZeroShotTablesTest {
    private final PairedBootstrap bootstrap = new PairedBootstrap(3, 200, 0.95);
    private final TableOne paper = new TableOne(PrintedTable.read(Checkout.current().printed("table-1")));
    private final ZeroShotTables tables = new ZeroShotTables(ZeroShotAnswers.COMPARISON, bootstrap);

    @Test
    void accuraciesStandTaskByTaskBesideThatOfGuessing() {
        String table = tables.accuracies().markdown();
        assertTrue(table.contains("| task | items | guessing, % | original, % | super weight pruned, % |"), table);
        assertTrue(table.contains("| piqa | 8 | 50.0 | 100.0 ± 0.0 | 25.0 ± 16.4 | 75.0 ± 16.4 |"), table);
    }

    /** Eight of eight by guessing: 2/256, which counts four times; two of eight or worse, on either side: 74/256. */
    @Test
    void aModelThatGuessesIsToldFromOneThatDoesNot() {
        String table = tables.guessing("super weight pruned").markdown();
        assertTrue(table.contains("| piqa | 8 | 50.0 | 100.0 | 0.031 | 25.0 | 0.87 |"), table);
        assertTrue(table.contains("| winogrande | 8 | 50.0 | 50.0 | 1.0 | 50.0 | 1.0 |"), table);
    }

    /** Six items of one direction have p = 1/32; four conditions on two tasks are 8 comparisons. */
    @Test
    void everyChangeIsTestedItemByItemAndCorrectedForAllOfTheTable() {
        String table = tables.changes("original").markdown();
        String pruned = table.lines()
                .filter(line -> line.startsWith("| super weight pruned | piqa | 8 | 0 | 6 | -75.0 |"))
                .findFirst().orElseThrow();
        assertTrue(pruned.endsWith("| -2.09 | 0.25 |"), pruned);
        assertEquals(2 + 4 * 2, table.lines().count(), table);
    }

    /** The two tasks' items together: six of sixteen lost, p = 1/32; four and three comparisons. */
    @Test
    void allItemsTogetherAreHeldAgainstTheOriginalAndThePrunedModel() {
        String table = tables.changesOverall("super weight pruned").markdown();
        String pruned = table.lines()
                .filter(line -> line.startsWith("| super weight pruned | original | 16 | 0 | 6 | -37.5 |"))
                .findFirst().orElseThrow();
        assertTrue(pruned.endsWith("| 0.22 |"), pruned);
        assertTrue(table.contains("| activation restored | super weight pruned | 16 | 4 | 0 | 25.0 |"), table);
        assertEquals(2 + 4 + 3, table.lines().count(), table);
    }

    @Test
    void againstThePrunedModelOnlyWhatComesAfterItIsHeld() {
        String table = tables.changes("super weight pruned").markdown();
        assertTrue(table.contains("| activation restored | piqa | 8 | 4 | 0 | 50.0 |"), table);
        assertFalse(table.contains("| original |"), table);
    }

    @Test
    void marginsSayHowFarAheadTheRightAnswersAre() {
        String table = tables.margins().markdown();
        assertTrue(table.contains("| original | piqa | 1.00 | 0.00 |"), table);
        assertTrue(table.contains("| super weight pruned | piqa | -0.50 | -1.50 |"), table);
    }

    /** The paper's two are (78.67 + 70.01) / 2 and (59.90 + 56.12) / 2. */
    @Test
    void averagesStandBesideThePapersOverTheSameTasks() {
        String table = tables.averages(paper).markdown();
        assertTrue(table.contains("| original | 2 | 75.0 ± 9.4 | 0.0 | [0.0, 0.0] | 74.34 |"), table);
        assertTrue(table.contains("| super weight pruned | 2 | 37.5 ± 12.5 | -37.5 |"), table);
        assertTrue(table.contains("| 58.01 |"), table);
        assertTrue(table.lines().anyMatch(line -> line.startsWith("| 7,000 largest") && line.endsWith("| – |")), table);
    }

    @Test
    void withoutDataTheTablesHaveNoRows() {
        ZeroShotTables none = new ZeroShotTables(ZeroShotComparison.of(ZeroShotAnswers.CONDITIONS), bootstrap);
        assertEquals(2, none.accuracies().markdown().lines().count());
        assertEquals(2, none.guessing("super weight pruned").markdown().lines().count());
        assertEquals(2, none.changes("original").markdown().lines().count());
        assertEquals(2, none.changesOverall("super weight pruned").markdown().lines().count());
        assertEquals(2, none.margins().markdown().lines().count());
        assertEquals(2, none.averages(paper).markdown().lines().count());
    }
}
