package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.report.Results.Setting;
import superweight.stats.PairedBootstrap;

class W8A8ClaimsTest {
    private static final String SHARE = "w8a8-share-of-smoothquant-wikitext2-llama-7b";
    private static final Claims CLAIMS =
            Claims.read(Checkout.current().claims()).of("07-activation-quantization");
    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(7);

    /** Every window alike, so that intervals have no width. */
    private static Perplexity of(double perplexity) {
        double nll = Math.log(perplexity);
        return new Perplexity(64, List.of(nll, nll, nll));
    }

    /** The float model, the naive way, SmoothQuant and the one number held out. */
    private static List<Measured> measured(String model, double... perplexities) {
        List<Perplexity> each = DoubleStream.of(perplexities).mapToObj(W8A8ClaimsTest::of).toList();
        List<Condition> ways = List.of(way("naive"), way("SmoothQuant"), way("held out"));
        W8A8Comparison compared = W8A8Comparison.of(each.get(0), ways, each.subList(1, 4), BOOTSTRAP);
        return new W8A8Claims(
                BOOTSTRAP.perplexity(each.get(0).nll()),
                compared.at("naive"), compared.at("SmoothQuant"), compared.at("held out"))
                .on("wikitext2", family -> CLAIMS.oneOf(family, model).map(Claim::id));
    }

    private static Condition way(String name) {
        return new Condition(name, List.of());
    }

    private static VerdictTable.Row row(String model, String claim, List<Measured> measured) {
        Setting setting = new Setting(model, "wikitext2");
        return VerdictTable.of(CLAIMS, Results.of(setting, measured), setting).rows().stream()
                .filter(row -> row.claim().id().equals(claim)).findFirst().orElseThrow();
    }

    private static String cell(String model, List<Measured> measured) {
        Setting setting = new Setting(model, "wikitext2");
        return VerdictTable.of(CLAIMS, Results.of(setting, measured), setting)
                .about(new Claims(List.of(CLAIMS.find(SHARE).orElseThrow())))
                .grid().rows().get(0).get(4);
    }

    /** What Table 3 prints for Llama-7B comes out as printed. */
    @Test
    void whereSmoothQuantGainsThePapersModelIsJudgedByItsShare() {
        List<Measured> measured = measured("llama-7b", 5.68, 5.83, 5.71, 5.74);
        assertEquals(6, measured.size());
        for (Measured each : measured) {
            assertEquals(Verdict.REPRODUCED, row("llama-7b", each.claim(), measured).verdict(), each.claim());
        }
        assertEquals("holds: 75.0 [75.0, 75.0], needs >= 70",
                cell("llama-7b", measured));
        List<Measured> little = measured("llama-7b", 5.68, 5.83, 5.71, 5.81);
        assertEquals(Verdict.DIFFERS, row("llama-7b", SHARE, little).verdict());
    }

    @Test
    void whereSmoothQuantGainsAnotherModelIsAskedForItsShare() {
        List<Measured> measured = measured("small-model", 20, 30, 22, 29);
        assertEquals("does not hold: 12.5 [12.5, 12.5], needs >= 70", cell("small-model", measured));
        assertEquals(Verdict.NOT_RUN, row("small-model", SHARE, measured).verdict());
    }

    @Test
    void whereSmoothQuantGainsNothingTheQuestionWasAskedAndHasNoAnswer() {
        List<Measured> measured = measured("small-model", 20, 30, 31, 29);
        assertEquals("no answer: SmoothQuant gains nothing beyond noise", cell("small-model", measured));
        assertEquals(Inequality.Outcome.NO_ANSWER, row("small-model", SHARE, measured).outcome().orElseThrow());
    }

    /** The paper has a share there. */
    @Test
    void onThePapersOwnModelNoAnswerIsADifference() {
        List<Measured> measured = measured("llama-7b", 5.68, 5.83, 5.84, 5.74);
        assertEquals(Verdict.DIFFERS, row("llama-7b", SHARE, measured).verdict());
        assertEquals(Verdict.REPRODUCED,
                row("llama-7b", "w8a8-ours-wikitext2-llama-7b", measured).verdict());
    }

    @Test
    void whereQuantizingCostsNothingThereIsNoGapEither() {
        List<Measured> measured = measured("small-model", 20, 19, 21, 19);
        assertEquals(
                List.of("SmoothQuant gains nothing beyond noise", "quantizing costs nothing beyond noise"),
                measured.stream().flatMap(each -> each.unanswered().stream()).toList());
    }
}
