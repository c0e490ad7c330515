package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.measure.ZeroShotTask;
import superweight.report.TableOne.Row;

class TableOneTest {
    private final TableOne table = new TableOne(PrintedTable.read(Checkout.current().printed("table-1")));

    @Test
    void theAveragesFollowFromTheColumns() {
        assertEquals(70.117, table.average(Row.ORIGINAL, TableOne.TASKS), 5e-4);
        assertEquals(35.146, table.average(Row.PRUNED, TableOne.TASKS), 5e-4);
        assertEquals(69.226, table.average(Row.OTHERS_PRUNED, TableOne.TASKS), 5e-4);
        assertEquals(50.087, table.average(Row.RESTORED, TableOne.TASKS), 5e-4);
    }

    /** Three are cut off; 50.09 is the table's own arithmetic, so the text's 49.94 comes from somewhere else. */
    @Test
    void whetherAnAverageIsRoundedOrCutOffIsSaidRowByRow() {
        String averages = table.averages().markdown();
        assertTrue(averages.contains("| Original | 70.11 | 70.117 | cut off |"), averages);
        assertTrue(averages.contains("| Prune SW | 35.14 | 35.146 | cut off |"), averages);
        assertTrue(averages.contains("| Prune Non-SW | 69.22 | 69.226 | cut off |"), averages);
        assertTrue(averages.contains("| Prune SW, +SA | 50.09 | 50.087 | rounded |"), averages);
    }

    @Test
    void twoColumnsRepeatTheOriginals() {
        assertEquals(List.of(ZeroShotTask.HELLASWAG, ZeroShotTask.WINOGRANDE), table.repeated());
        assertEquals(5, table.notRepeated().size());
    }

    @Test
    void theRecoveredShareDependsOnTheAverageAndOnTheTwoColumns() {
        assertEquals(0.315, table.recovered(table.notRepeated()), 5e-4);
        assertEquals(1, table.recovered(table.repeated()), 1e-12);
        String recovered = table.recovered().markdown();
        assertTrue(recovered.contains("| the table's averages | 42.75 |"), recovered);
        assertTrue(recovered.contains("| the table's averages, the text's for the last row | 42.32 |"), recovered);
        assertTrue(recovered.contains("| all tasks but hellaswag and winogrande | 31.49 |"), recovered);
        assertTrue(recovered.contains("| lambada\\_openai alone | 16.81 |"), recovered);
    }

    @Test
    void accuraciesStandAsTheyArePrinted() {
        assertTrue(table.accuracies().markdown().contains(
                "| Prune SW | 19.80 | 39.60 | 30.68 | 0.52 | 59.90 | 39.40 | 56.12 | 35.14 |"));
    }
}
