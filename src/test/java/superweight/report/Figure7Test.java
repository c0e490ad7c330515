package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.quantize.BlockSize;
import superweight.quantize.OutlierTreatment;
import superweight.report.Results.Setting;
import superweight.stats.PairedBootstrap;

class Figure7Test {
    private static final Claims CLAIMS = Claims.read(Checkout.current().claims()).of("08-block-size");

    /** Perplexities 20 in the smallest blocks; 40 and 30 in blocks of 65,536; 4,000 and 100 in whole matrices. */
    private static final BlockPerplexities MEASURED = new BlockPerplexities(
            List.of(
                    way(BlockSize.of(64), OutlierTreatment.NONE),
                    way(BlockSize.of(65536), OutlierTreatment.NONE),
                    way(BlockSize.of(65536), OutlierTreatment.CLIP_AND_RESTORE),
                    way(BlockSize.WHOLE, OutlierTreatment.NONE),
                    way(BlockSize.WHOLE, OutlierTreatment.CLIP_AND_RESTORE),
                    new BlockWay(4, BlockSize.WHOLE, OutlierTreatment.CLIP_AND_RESTORE, Optional.of(2.0), "another z")),
            List.of(of(20), of(40), of(30), of(4000), of(100), of(9999)),
            new PairedBootstrap(7));

    private static BlockWay way(BlockSize block, OutlierTreatment treatment) {
        return BlockWay.of(4, block, treatment);
    }

    /** Every window alike, so that intervals have no width. */
    private static Perplexity of(double perplexity) {
        double nll = Math.log(perplexity);
        return new Perplexity(64, List.of(nll, nll, nll));
    }

    private static Function<String, Optional<String>> claims(String model) {
        return family -> CLAIMS.oneOf(family, model).map(Claim::id);
    }

    private static Map<String, VerdictTable.Row> rows(String model, Map<String, Double> averages) {
        Setting setting = new Setting(model, "bundled");
        Results results = Results.of(setting, Figure7.claims(MEASURED, averages, claims(model)));
        return VerdictTable.of(CLAIMS, results, setting).rows().stream()
                .collect(Collectors.toMap(row -> row.claim().id(), Function.identity()));
    }

    @Test
    void everyValueOfTheFigureCanBeAskedOfAnyModel() {
        List<Claim> figure = CLAIMS.rows().stream().filter(claim -> claim.id().startsWith("figure-7-")).toList();
        assertEquals(16, figure.size());
        figure.forEach(claim -> assertTrue(claim.effect().isPresent(), claim.id()));
        assertEquals(8, Figure7.claims(MEASURED, Map.of(), claims("small-model")).size());
    }

    /** Where the paper's two curves are the same, "Ours" must not be worse; where it is higher, it must be better. */
    @Test
    void theBoundsFollowFromThePrintedValues() {
        for (String model : List.of("llama-7b", "mistral-7b")) {
            for (int block : List.of(16384, 65536, 262144, 1048576)) {
                Claim plain = CLAIMS.find("figure-7-plain-%d-%s".formatted(block, model)).orElseThrow();
                Claim ours = CLAIMS.find("figure-7-ours-%d-%s".formatted(block, model)).orElseThrow();
                assertEquals("> 1", plain.effect().orElseThrow().toString(), plain.id());
                assertEquals(
                        ours.printed().compareTo(plain.printed()) > 0 ? "< 1" : "<= 1",
                        ours.effect().orElseThrow().toString(), ours.id());
            }
        }
    }

    @Test
    void anotherModelAnswersByItsPerplexities() {
        Map<String, VerdictTable.Row> rows = rows("small-model", Map.of());
        Map.of(
                "figure-7-plain-65536-llama-7b", 40.0 / 20,
                "figure-7-ours-65536-llama-7b", 30.0 / 40,
                "figure-7-plain-1048576-llama-7b", 4000.0 / 20, // the largest at hand
                "figure-7-ours-1048576-llama-7b", 100.0 / 4000)
                .forEach((claim, effect) -> {
                    Measured here = rows.get(claim).here().orElseThrow();
                    assertEquals(effect, here.effect().orElseThrow().value(), 1e-9, claim);
                    assertEquals(Inequality.Outcome.HOLDS, rows.get(claim).outcome().orElseThrow(), claim);
                });
    }

    @Test
    void aBlockSizeThatWasNotRunHasNoAnswerAndSaysSo() {
        Map<String, VerdictTable.Row> rows = rows("small-model", Map.of());
        for (String claim : List.of("figure-7-plain-262144-llama-7b", "figure-7-ours-262144-llama-7b")) {
            assertEquals(Optional.of("not run in blocks of 262,144"),
                    rows.get(claim).here().orElseThrow().unanswered(), claim);
        }
    }

    @Test
    void onThePapersModelAccuraciesAreJudgedAndPerplexitiesNeverAre() {
        Map<String, VerdictTable.Row> rows = rows("llama-7b", Map.of("ours-65536", 63.0, "plain-262144", 40.0));
        assertEquals(Verdict.REPRODUCED, rows.get("figure-7-ours-65536-llama-7b").verdict());
        assertEquals(Verdict.DIFFERS, rows.get("figure-7-plain-262144-llama-7b").verdict());
        assertEquals(Verdict.NOT_RUN, rows.get("figure-7-plain-65536-llama-7b").verdict());
        assertEquals(Verdict.NOT_RUN, rows.get("figure-7-ours-262144-llama-7b").verdict());
    }

    @Test
    void everyConditionIsNamedAsItsClaimsAre() {
        try (CausalLM model = RandomLlama.small().load()) {
            List<Condition> conditions = Figure7.conditions(model.config(), List.of(new Coordinate(1, 2, 3)));
            assertEquals(8, conditions.size());
            conditions.forEach(condition -> assertTrue(
                    CLAIMS.find("figure-7-" + condition.name() + "-llama-7b").isPresent(), condition.name()));
        }
    }
}
