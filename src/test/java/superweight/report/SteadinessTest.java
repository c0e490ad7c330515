package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.stats.PairedBootstrap;

class SteadinessTest {
    private static final PrintedSeries PAPER = PrintedSeries.read(Checkout.current().printed("figure-4"), "original");

    /** 1320 at first, 1360 for long, 1336 once more and then 145: one layer in 29 is without it. */
    @Test
    void thePapersCurveIsNotExactlyOfTheSameMagnitudeThroughout() {
        Steadiness steadiness = Steadiness.of(List.of(PAPER.magnitudes()), new PairedBootstrap(1, 200, 0.95));
        assertEquals(1320 / 1360.0, steadiness.standing().estimate(), 1e-12);
        assertEquals(145 / 1360.0, steadiness.toTheEnd().estimate(), 1e-12);
        assertEquals(28 / 29.0, steadiness.persistence().estimate(), 1e-12);
    }

    @Test
    void theTableHoldsThisRunAgainstThePapersData() {
        Steadiness steadiness = Steadiness.of(
                List.of(new double[] {0, 4, 4}, new double[] {0, 4, 3}), new PairedBootstrap(1, 200, 0.95));
        assertEquals(
                "| smallest over largest, while at least half of it stands | 0.875 | [0.750, 1.000] | 0.971 |",
                steadiness.table(PAPER).markdown().lines().toList().get(2));
    }
}
