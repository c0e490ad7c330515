package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.measure.ChannelLedger;
import superweight.measure.ChannelLedger.Entry;
import superweight.model.Coordinate;

class LedgerTableTest {
    private static final LedgerTable TABLE = LedgerTable.of(7, List.of(
            new ChannelLedger(List.of(new Entry(1, 2, 30, 4, 5), new Entry(0.5, -90, 9, -60, -85))),
            new ChannelLedger(List.of(new Entry(3, 0, 30, 6, 7), new Entry(0.5, -110, 8, -80, -103))),
            new ChannelLedger(List.of(new Entry(2, 1, 30, 2, 6), new Entry(0.5, -100, 9, -70, -94)))));

    @Test
    void aLineIsTheMeanOverPromptsAndTheColumnOfMostOfThem() {
        assertEquals(new LedgerTable.Line(0, 2, 1, 4, 30, 1, 6), TABLE.lines().get(0));
        assertEquals(new LedgerTable.Line(1, 0.5, -100, -70, 9, 2 / 3.0, -94), TABLE.lines().get(1));
    }

    @Test
    void whatWritesLittleCanBeLeftOut() {
        assertEquals(2, TABLE.writingAtLeast(0.02).lines().size());
        assertEquals(List.of(TABLE.lines().get(1)), TABLE.writingAtLeast(0.03).lines());
    }

    @Test
    void superWeightsAreMarked() {
        String table = TABLE.table(List.of(new Coordinate(1, 7, 9))).markdown();
        assertEquals(
                "| 0 | 2.0 | 1.0 | 4.0 | [7, 30] | 1.00 | 6.0 |", table.lines().toList().get(2));
        assertEquals(
                "| 1 | 0.5 | -100.0 | -70.0 | [7, 9] super weight | 0.67 | -94.0 |", table.lines().toList().get(3));
    }
}
