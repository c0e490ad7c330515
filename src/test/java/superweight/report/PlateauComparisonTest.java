package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.stats.PairedBootstrap;

class PlateauComparisonTest {
    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(1, 200, 0.95);
    private static final PrintedSeries ORIGINAL = PrintedSeries.read(Checkout.current().printed("figure-4"), "original");
    private static final PrintedSeries PRUNED =
            PrintedSeries.read(Checkout.current().printed("figure-4"), "super weight pruned");
    private static final PrintedSeries OTHERS =
            PrintedSeries.read(Checkout.current().printed("figure-4"), "other outliers pruned");

    /** The paper's figure by the paper's data: 1320 and 1360, of which 244 and 324 are left. */
    @Test
    void thePapersCurvesLoseWhatItsDataSay() {
        PlateauComparison comparison = PlateauComparison.of(
                List.of("original", "pruned", "others"),
                List.of(
                        List.of(ORIGINAL.magnitudes()), List.of(PRUNED.magnitudes()), List.of(OTHERS.magnitudes())),
                Map.of("original", ORIGINAL, "pruned", PRUNED),
                BOOTSTRAP);
        PlateauComparison.Row pruned = comparison.rows().get(1);
        assertEquals(1360, comparison.rows().get(0).level().estimate());
        assertEquals(1 - 244 / 1320.0, pruned.lostAtOnset().estimate(), 1e-12);
        assertEquals(1 - 324 / 1360.0, pruned.lostOfLevel().estimate(), 1e-12);
        assertEquals(
                Optional.of(new PlateauComparison.Heights(324, 244, 1 - 324 / 1360.0, 1 - 244 / 1320.0)),
                pruned.paper());
        assertEquals(1 - 976 / 1360.0, comparison.rows().get(2).lostOfLevel().estimate(), 1e-12);
        assertEquals(Optional.empty(), comparison.rows().get(2).paper());
    }

    @Test
    void theShareLostIsTakenOnEachPromptByItself() {
        PlateauComparison comparison = PlateauComparison.of(
                List.of("original", "pruned"),
                List.of(
                        List.of(new double[] {1, 100, 100}, new double[] {10, 10, 1}),
                        List.of(new double[] {1, 50, 50}, new double[] {1, 1, 1})),
                Map.of(),
                BOOTSTRAP);
        assertEquals((0.5 + 0.9) / 2, comparison.rows().get(1).lostOfLevel().estimate(), 1e-12);
        assertEquals((50 + 1) / 2.0, comparison.rows().get(1).onset().estimate(), 1e-12);
    }

    @Test
    void theTableHasThePapersColumnsAndGapsWhereThePaperHasNoCurve() {
        String table = PlateauComparison.of(
                        List.of("original", "all"),
                        List.of(List.of(new double[] {1, 8}), List.of(new double[] {1, 2})),
                        Map.of("original", ORIGINAL),
                        BOOTSTRAP)
                .table()
                .markdown();
        assertTrue(table.contains("| paper: on the plateau |"), table);
        assertTrue(table.contains("| original | 8.000 |"), table);
        assertTrue(table.lines().toList().get(3).endsWith("| – | – | – | – |"), table);
    }
}
