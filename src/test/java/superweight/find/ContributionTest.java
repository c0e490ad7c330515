package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.RandomLlama;
import superweight.find.Planted.Activations;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.LinearLayer;

class ContributionTest {
    private static final int LAYERS = 6;
    private static final Coordinate STRONGEST = new Coordinate(4, 11, 20);
    private static final RandomLlama PLANTED =
            Planted.plant(Planted.plant(Planted.random(LAYERS, 7), new Coordinate(1, 3, 8), -300), STRONGEST, 2000);
    private static final CausalLM MODEL = PLANTED.load();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void everyLayerGivesTheLargestProductInTheChannelOfItsSpike() {
        List<Contribution> all = Contribution.top(MODEL, Planted.IDS, LAYERS);
        assertEquals(
                IntStream.range(0, LAYERS).boxed().toList(),
                all.stream().map(each -> each.at().layer()).sorted().toList());
        all.forEach(ContributionTest::assertIsOfItsLayer);
    }

    @Test
    void theStrongestComeFirst() {
        List<Contribution> all = Contribution.top(MODEL, Planted.IDS, LAYERS);
        assertEquals(STRONGEST, all.get(0).at());
        assertEquals(new Coordinate(1, 3, 8), all.get(1).at());
        assertTrue(all.get(1).contribution() < 0);
        for (int i = 1; i < LAYERS; i++) {
            assertTrue(Math.abs(all.get(i - 1).contribution()) >= Math.abs(all.get(i).contribution()));
        }
    }

    @Test
    void noMoreAreGivenThanAreAskedForAndThereAre() {
        List<Contribution> all = Contribution.top(MODEL, Planted.IDS, LAYERS);
        for (int count = 0; count < LAYERS; count++) {
            assertEquals(all.subList(0, count), Contribution.top(MODEL, Planted.IDS, count));
        }
        assertEquals(all, Contribution.top(MODEL, Planted.IDS, 1000));
    }

    @Test
    void theLargestProductsMayBeSeveralOfOneLayer() {
        List<Contribution> largest = Contribution.largest(MODEL, Planted.IDS, 1000);
        assertEquals(LAYERS * Planted.INTERMEDIATE, largest.size());
        List<Contribution> all = Contribution.top(MODEL, Planted.IDS, LAYERS);
        for (int layer = 0; layer < LAYERS; layer++) {
            assertIsTheRow(ofLayer(largest, layer), ofLayer(all, layer).get(0));
        }
        for (int i = 1; i < largest.size(); i++) {
            assertTrue(Math.abs(largest.get(i - 1).contribution()) >= Math.abs(largest.get(i).contribution()));
        }
        assertEquals(largest.subList(0, 9), Contribution.largest(MODEL, Planted.IDS, 9));
    }

    private static List<Contribution> ofLayer(List<Contribution> all, int layer) {
        return all.stream().filter(each -> each.at().layer() == layer).toList();
    }

    /** All products of the row and token of the layer's spike, by plain loops, the largest first. */
    private static void assertIsTheRow(List<Contribution> row, Contribution strongest) {
        int layer = strongest.at().layer();
        Activations seen = Activations.of(MODEL, layer);
        int token = largest(seen.output()) / Planted.HIDDEN;
        assertEquals(strongest, row.get(0));
        assertEquals(Planted.INTERMEDIATE, row.stream().map(Contribution::at).distinct().count());
        float[] matrix = PLANTED.weights().get(LinearLayer.DOWN_PROJ.weightName(layer));
        for (Contribution each : row) {
            Coordinate at = each.at();
            assertEquals(strongest.at().row(), at.row());
            double product = seen.input(token, at.column()) * matrix[at.row() * Planted.INTERMEDIATE + at.column()];
            assertEquals(product, each.contribution(), 1e-6 * Math.abs(product));
            assertEquals(
                    WeightStatistics.of(matrix, Planted.INTERMEDIATE, at.row(), at.column()), each.statistics());
        }
    }

    /** By the definition, in plain loops. */
    private static void assertIsOfItsLayer(Contribution contribution) {
        int layer = contribution.at().layer();
        Activations seen = Activations.of(MODEL, layer);
        float[] matrix = PLANTED.weights().get(LinearLayer.DOWN_PROJ.weightName(layer));
        int spike = largest(seen.output());
        int token = spike / Planted.HIDDEN;
        int row = spike % Planted.HIDDEN;
        float[] products = new float[Planted.INTERMEDIATE];
        for (int column = 0; column < products.length; column++) {
            products[column] = seen.input(token, column) * matrix[row * Planted.INTERMEDIATE + column];
        }
        int column = largest(products);
        assertEquals(new Coordinate(layer, row, column), contribution.at());
        assertEquals(matrix[row * Planted.INTERMEDIATE + column], contribution.weight());
        assertEquals(products[column], contribution.contribution(), 1e-6 * Math.abs(products[column]));
        assertEquals(seen.output()[spike], contribution.output());
        assertEquals(
                WeightStatistics.of(matrix, Planted.INTERMEDIATE, row, column), contribution.statistics());
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
        }
        return largest;
    }
}
