package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import superweight.measure.Accuracy;
import superweight.measure.Accuracy.Outcome;
import superweight.measure.AverageAccuracy;
import superweight.measure.ZeroShotTask;

class AccuracyClaimsTest {
    @Test
    void onlyATaskOfWhichEveryItemWasRunHasACell() {
        List<ZeroShotTask> tasks = List.of(ZeroShotTask.SCIQ, ZeroShotTask.LAMBADA_OPENAI, ZeroShotTask.PIQA);
        assertEquals(Map.of("table-5-original-sciq", 90.0, "table-5-original-lambada", 100.0),
                AccuracyClaims.of("table-5-original", tasks, new AverageAccuracy(List.of(
                        right(900, 1000), right(5153, 5153), right(100, 100)))));
    }

    @Test
    void theAverageNeedsAllSevenTasks() {
        List<ZeroShotTask> tasks = List.of(ZeroShotTask.values());
        AverageAccuracy all = new AverageAccuracy(
                tasks.stream().map(task -> right(task.wholeSize() / 2, task.wholeSize())).toList());
        Map<String, Double> cells = AccuracyClaims.of("table-5-amplified", tasks, all);
        assertEquals(8, cells.size());
        assertEquals(100 * all.value(), cells.get("table-5-amplified-average"));
    }

    /** Of every model whose row Tables 5 and 6 print. */
    @Test
    void everyCellOfTables5And6IsAClaim() {
        Claims claims = Claims.read(Checkout.current().claims());
        for (String row : List.of("original", "amplified")) {
            for (String model : List.of("llama-7b", "llama-13b", "llama-30b", "mistral-7b")) {
                for (ZeroShotTask task : ZeroShotTask.values()) {
                    String id = "table-5-%s-%s-%s".formatted(row, AccuracyClaims.cell(task), model);
                    assertTrue(claims.find(id).isPresent(), id);
                }
                // Printed averages are the mean of the printed cells, to the hundredth that each is rounded to.
                double mean = IntStream.range(0, 7).mapToDouble(i -> claims.find("table-5-%s-%s-%s".formatted(
                        row, AccuracyClaims.cell(ZeroShotTask.values()[i]), model)).orElseThrow().printed().doubleValue())
                        .average().orElseThrow();
                assertEquals(mean, claims.find("table-5-%s-average-%s".formatted(row, model)).orElseThrow()
                        .printed().doubleValue(), 0.011);
            }
            for (String block : List.of("8x8", "64x64")) {
                for (String model : List.of("llama-7b", "llama-13b", "llama-30b")) {
                    assertTrue(claims.find("table-6-%s-%s-%s".formatted(row, block, model)).isPresent());
                }
            }
        }
    }

    private static Accuracy right(int right, int items) {
        return new Accuracy(IntStream.range(0, items).mapToObj(i -> new Outcome(List.of(), i < right)).toList());
    }
}
