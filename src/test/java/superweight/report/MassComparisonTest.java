package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Condition;
import superweight.measure.MovedMass;
import superweight.measure.NextToken;
import superweight.measure.NextTokenDistribution;
import superweight.measure.Stopwords;
import superweight.measure.Token;
import superweight.measure.TokenKind;
import superweight.measure.Vocabulary;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Tokenizer.Bos;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.PermutationTest;

/** Also of {@link CaseStudy} and {@link MovedShare}; all on a tiny model, whose probabilities are taken one by one beside. */
class MassComparisonTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final Condition SCALED =
            new Condition("scaled", List.of(Intervention.scale(new Coordinate(1, 2, 3), 50)));
    private static final List<Condition> CONDITIONS = List.of(Condition.ORIGINAL, SCALED);

    /** A third of the vocabulary of each kind. */
    private static final Vocabulary VOCABULARY = new Vocabulary(IntStream.range(0, MODEL.config().vocabSize())
            .mapToObj(id -> new Token(id, "t" + id / 2, TokenKind.values()[id % 3]))
            .toList());

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void everyKindHasItsTokensProbabilityAndAllHaveOne() {
        Random random = new Random(5);
        List<int[]> prompts = IntStream.range(0, 6)
                .mapToObj(i -> random.ints(3, 0, MODEL.config().vocabSize()).toArray())
                .toList();
        MassComparison masses = MassComparison.of(
                CONDITIONS,
                NextTokenDistribution.measureAll(MODEL, prompts, CONDITIONS, Progress.NONE),
                VOCABULARY,
                new PairedBootstrap(1),
                new PermutationTest(2));
        for (MassComparison.Row row : masses.rows()) {
            double all = row.stopwords().estimate() + row.punctuation().estimate() + row.other().estimate();
            assertEquals(1, all, 1e-6);
            assertEquals(1 - row.other().estimate(), row.stopwordsOfThePaper().estimate(), 1e-12);
            assertTrue(row.stopwordsOfThePaper().low() <= row.stopwordsOfThePaper().high());
        }
        MassComparison.Row original = masses.rows().get(0);
        MassComparison.Row scaled = masses.rows().get(1);
        double expected = prompts.stream()
                .mapToDouble(prompt -> Arrays.stream(next(prompt, SCALED, TokenKind.STOPWORD)).sum())
                .average().orElseThrow();
        assertEquals(expected, scaled.stopwords().estimate(), 1e-5);
        assertEquals(0, original.gain().estimate());
        assertEquals(1, original.pValue());
        assertEquals(original.other().estimate() - scaled.other().estimate(), scaled.gain().estimate(), 1e-12);
        assertEquals(
                scaled.entropy().estimate() - original.entropy().estimate(), scaled.entropyGain().estimate(), 1e-12);
        assertTrue(masses.table().markdown().contains("| original |"), masses.table()::markdown);
        assertTrue(masses.entropyTable().markdown().contains("| scaled |"), masses.entropyTable()::markdown);
    }

    @Test
    void theShareThatMovesToStopwordsHasAnIntervalOverPrompts() {
        List<int[]> prompts = List.of(new int[] {1, 2, 3}, new int[] {4, 5, 6}, new int[] {7, 8, 9});
        for (int many : List.of(1, 3)) {
            List<NextTokenDistribution> measured = NextTokenDistribution.measureAll(
                    MODEL, prompts.subList(0, many), CONDITIONS, Progress.NONE);
            double expected = MovedMass.between(VOCABULARY, measured.get(0).mean(), measured.get(1).mean())
                    .shareToStopwords();
            Interval share = MovedShare.toStopwords(
                    VOCABULARY, measured.get(0), measured.get(1), new PairedBootstrap(1));
            assertEquals(expected, share.estimate(), 1e-4);
            // A single prompt has no spread; of three, resamples differ.
            assertEquals(many > 1, share.high() - share.low() > 1e-3, share::toString);
            assertTrue(share.low() <= share.estimate() && share.estimate() <= share.high(), share::toString);
        }
    }

    @Test
    void aCaseStudyAddsUpTheTokensThatReadAsTheWord() {
        String prompt = "a";
        CaseStudy study = CaseStudy.measure(MODEL, VOCABULARY, List.of(prompt), CONDITIONS, "t3");
        int[] ids = MODEL.tokenizer().encode(prompt, Bos.AUTO);
        for (Condition condition : CONDITIONS) {
            double[] next = next(ids, condition);
            CaseStudy.Row row = study.row(prompt, condition.name());
            double others = IntStream.range(0, next.length).filter(id -> id / 2 != 3).mapToDouble(id -> next[id])
                    .max().orElseThrow();
            assertEquals(next[6] + next[7], row.word(), 1e-6);
            assertEquals((next[6] + next[7]) / others, row.wordOverOthers(), 1e-4);
            assertEquals(Arrays.stream(next).max().orElseThrow(), row.probability(), 1e-6);
            assertEquals(next[row.likeliest().id()], row.probability(), 1e-6);
            double stopword = Math.max(
                    Arrays.stream(next(ids, condition, TokenKind.STOPWORD)).max().orElseThrow(),
                    Arrays.stream(next(ids, condition, TokenKind.PUNCTUATION)).max().orElseThrow());
            double other = Arrays.stream(next(ids, condition, TokenKind.OTHER)).max().orElseThrow();
            assertEquals(stopword / other, row.stopwordOverOthers(), 1e-4);
        }
        assertTrue(study.table("t3").markdown().contains("P(\"t3\"), %"), study.table("t3")::markdown);
    }

    private static double[] next(int[] ids, Condition condition, TokenKind kind) {
        double[] next = next(ids, condition);
        return IntStream.of(VOCABULARY.ids(kind)).mapToDouble(id -> next[id]).toArray();
    }

    private static double[] next(int[] ids, Condition condition) {
        double[] next = new double[MODEL.config().vocabSize()];
        NextToken.top(MODEL, ids, condition.interventions(), next.length)
                .forEach(token -> next[token.id()] = token.probability());
        return next;
    }
}
