package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.stats.Interval;

class IntervalTableTest {
    private record Thing(String name, double number, Interval interval) {}

    private static final ResultTable TABLE = IntervalTable.of(
                    "thing",
                    List.of(
                            new Thing("a", 1.5, new Interval(2, 1, 3.5, 0.95)),
                            new Thing("b", Double.NaN, new Interval(0.5, 0.25, 0.75, 0.95))),
                    Thing::name)
            .number("count", CellFormat.fixed(1), Thing::number)
            .interval("height", CellFormat.fixed(2), Thing::interval)
            .table();

    @Test
    void anEstimateHasItsIntervalBesideIt() {
        assertEquals(
                """
                | thing | count | height | height, 95 % |
                | --- | ---: | ---: | ---: |
                | a | 1.5 | 2.00 | [1.00, 3.50] |
                | b | – | 0.50 | [0.25, 0.75] |
                """,
                TABLE.markdown());
    }

    @Test
    void theFileHasEveryDigitOfBothEnds() {
        assertEquals("thing,count,height,\"height, low\",\"height, high\"", TABLE.csv().lines().findFirst().get());
    }
}
