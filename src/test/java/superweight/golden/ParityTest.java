package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.Progress;
import superweight.TestModel;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.TokenizerSource;
import superweight.golden.Golden.Greedy;
import superweight.golden.Golden.LayerProfile;
import superweight.golden.Golden.NextTokens;
import superweight.golden.Golden.Tokenized;
import superweight.golden.Golden.TopToken;
import superweight.golden.Golden.WindowedPerplexity;
import superweight.measure.Condition;
import superweight.measure.EvaluationText;
import superweight.measure.Generation;
import superweight.measure.NextToken;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.LinearLayer;
import superweight.model.Tokenizer.Bos;

/** The embedded model gives what Hugging Face transformers gives. */
class ParityTest {
    private static final Golden GOLDEN = Golden.smollm2();
    private static final double TIE = 1e-3;

    private final CausalLM model = TestModel.smollm2();

    @ParameterizedTest
    @MethodSource("texts")
    void tokenIdsAreEqual(Tokenized expected) {
        assertEquals(expected.ids(), boxed(model.tokenizer().encode(expected.text())));
    }

    static Stream<Tokenized> texts() {
        return GOLDEN.tokenizer().stream();
    }

    @Test
    void everyTokenSequenceDecodesToItsText() {
        for (Tokenized each : GOLDEN.tokenizer()) {
            int[] ids = each.ids().stream().mapToInt(Integer::intValue).toArray();
            assertEquals(each.text(), model.tokenizer().decode(ids));
        }
    }

    @Test
    void theWeightsAtTheSpikesAreEqual() {
        int columns = model.config().intermediateSize();
        for (LayerProfile expected : GOLDEN.profile().layers()) {
            float[] downProj = model.weight(expected.layer(), LinearLayer.DOWN_PROJ);
            float weight = downProj[expected.outChannel() * columns + expected.inChannel()];
            assertEquals(expected.weight(), weight, 1e-6, "layer " + expected.layer());
        }
    }

    @ParameterizedTest
    @MethodSource("nextTokens")
    void nextTokenProbabilitiesAgreeWithin2e4(String condition, NextTokens expected) {
        int[] ids = model.tokenizer().encode(expected.prompt(), Bos.AUTO);
        Map<Integer, Float> probabilities =
                NextToken.top(model, ids, GOLDEN.pruned(condition), 1000).stream()
                        .collect(Collectors.toMap(NextToken::id, NextToken::probability));
        for (TopToken token : expected.top()) {
            assertEquals(token.prob(), probabilities.get(token.id()), 2e-4, token.token());
        }
    }

    static Stream<Arguments> nextTokens() {
        return GOLDEN.nextToken().entrySet().stream()
                .flatMap(e -> e.getValue().stream().map(next -> Arguments.of(e.getKey(), next)));
    }

    @ParameterizedTest
    @MethodSource("continuations")
    void greedyContinuationsAreEqualUpToTheFirstTie(String condition, Greedy expected) {
        int[] ids = model.tokenizer().encode(expected.prompt(), Bos.AUTO);
        assertEquals(expected.promptIds(), boxed(ids));
        Generation actual = Generation.greedy(
                model,
                ids,
                GOLDEN.pruned(condition),
                expected.ids().size(),
                OptionalInt.empty(),
                Progress.NONE);
        int decided = 0;
        while (decided < expected.ids().size() && expected.margins().get(decided) >= TIE) {
            decided++;
        }
        assertEquals(expected.ids().subList(0, decided), actual.ids().subList(0, decided));
        if (decided == expected.ids().size()) {
            assertEquals(expected.text(), actual.text());
        }
    }

    static Stream<Arguments> continuations() {
        return GOLDEN.greedy().entrySet().stream()
                .flatMap(e -> e.getValue().stream().map(greedy -> Arguments.of(e.getKey(), greedy)));
    }

    @Test
    @Tag("data")
    void wikiText2IsReadAndTokenizedAsTheReferenceDoes() throws IOException {
        EvaluationText text = wikitext2();
        assertEquals(GOLDEN.wikitext2().textSha256(), text.sha256());
        int[] ids = model.tokenizer().encode(text.text());
        int[] first = Arrays.copyOf(ids, GOLDEN.wikitext2().firstIds().size());
        assertEquals(GOLDEN.wikitext2().firstIds(), boxed(first));
        assertEquals(GOLDEN.wikitext2().tokens(), tokensWithoutDigitSplitting(text.text()));
        // Fewer by eight, all where a digit follows a run of white space, see the next method.
        assertEquals(GOLDEN.wikitext2().tokens() - 8, ids.length);
    }

    /**
     * The file names the pre-tokenizer of its model, smollm, which sets every digit apart; when it
     * reads a GGUF file, the reference overlooks that name and splits as GPT-2 does.
     */
    private static int tokensWithoutDigitSplitting(String text) throws IOException {
        TokenizerSource source = Checkpoints.open(Checkpoints.DEFAULT_MODEL).tokenizer();
        JsonObject tokenizer = JsonParser.parseString(source.json()).getAsJsonObject();
        JsonArray steps = tokenizer.getAsJsonObject("pre_tokenizer").getAsJsonArray("pretokenizers");
        assertEquals("Digits", steps.remove(0).getAsJsonObject().get("type").getAsString());
        byte[] json = tokenizer.toString().getBytes(StandardCharsets.UTF_8);
        try (HuggingFaceTokenizer reference = HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json), Map.of("truncation", "false"))) {
            return reference.encode(text, false, false).getIds().length;
        }
    }

    @ParameterizedTest
    @MethodSource("perplexities")
    @Tag("data")
    void perplexitiesAgreeWithin005Percent(WindowedPerplexity expected) {
        int[] ids = model.tokenizer().encode(wikitext2().text());
        List<int[]> windows = Perplexity.windows(ids, expected.length()).subList(0, expected.windows());
        Condition condition = new Condition(expected.condition(), expected.interventions());
        double actual = Perplexity.measure(model, windows, condition, Progress.NONE).value();
        System.out.printf(
                "%s: %.5f here, %.5f in the reference (%+.5f %%)%n",
                expected, actual, expected.ppl(), 100 * (actual / expected.ppl() - 1));
        assertEquals(expected.ppl(), actual, 5e-4 * expected.ppl());
    }

    static Stream<WindowedPerplexity> perplexities() {
        return GOLDEN.wikitext2().ppl().stream();
    }

    private static EvaluationText wikitext2() {
        Optional<String> data = Optional.ofNullable(System.getenv("SUPERWEIGHT_DATA"));
        assumeTrue(data.isPresent(), "SUPERWEIGHT_DATA names no folder with wiki.test.raw");
        return EvaluationText.wikitext2(Path.of(data.get()));
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
