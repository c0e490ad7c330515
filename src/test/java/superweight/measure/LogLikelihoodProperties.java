package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Continuation.Tokenized;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.KernelChoice;
import superweight.model.RandomInterventions;
import superweight.model.Residence;

/** The choices of an item, read as one sequence, score as each does alone. */
class LogLikelihoodProperties {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int VOCAB = TINY.config().vocabSize();
    private static final double TOLERANCE = 1e-4;
    private static final Coordinate AT = new Coordinate(1, 2, 3);
    private static final Condition RESTORED = new Condition(
            "restored", List.of(Intervention.scale(AT, 40), Intervention.restoreSuperActivation(AT)));
    private static final Map<List<Enum<?>>, CausalLM> MODELS = new HashMap<>();

    @AfterContainer
    static void close() {
        MODELS.values().forEach(CausalLM::close);
    }

    @Property(tries = 100, seed = "1", edgeCases = EdgeCasesMode.NONE)
    void eachChoiceScoresAsItDoesAlone(
            @ForAll Residence residence,
            @ForAll KernelChoice kernels,
            @ForAll("items") List<List<Tokenized>> items,
            @ForAll("conditions") List<Condition> conditions) {
        CausalLM model = MODELS.computeIfAbsent(List.of(residence, kernels), each -> TINY.load(residence, kernels));
        List<List<List<LogLikelihood>>> together =
                LogLikelihood.measureAll(model, items, conditions, Progress.NONE);
        assertEquals(conditions.size(), together.size());
        for (int condition = 0; condition < conditions.size(); condition++) {
            for (int item = 0; item < items.size(); item++) {
                List<LogLikelihood> scores = together.get(condition).get(item);
                assertEquals(items.get(item).size(), scores.size());
                for (int choice = 0; choice < scores.size(); choice++) {
                    LogLikelihood alone = LogLikelihood.measure(
                                    model,
                                    items.get(item).subList(choice, choice + 1),
                                    conditions.get(condition),
                                    Progress.NONE)
                            .get(0);
                    assertEquals(alone.sum(), scores.get(choice).sum(), TOLERANCE);
                    assertEquals(alone.greedy(), scores.get(choice).greedy());
                }
            }
        }
    }

    /** Scaled weights, and among them a condition that looks at whole texts. */
    @Provide
    Arbitrary<List<Condition>> conditions() {
        return Combinators.combine(
                        RandomInterventions.scalings(TINY.config()),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 6))
                .as((scalings, restores, place) -> {
                    List<Condition> conditions = new ArrayList<>();
                    scalings.forEach(each -> conditions.add(new Condition("scaled", each)));
                    if (restores) {
                        conditions.add(Math.min(place, conditions.size()), RESTORED);
                    }
                    return conditions;
                });
    }

    @Provide
    Arbitrary<List<List<Tokenized>>> items() {
        return Arbitraries.integers().between(0, VOCAB - 1).array(int[].class).ofMinSize(1).ofMaxSize(25)
                .flatMap(context -> choice(context).list().ofMinSize(1).ofMaxSize(5))
                .list().ofMinSize(1).ofMaxSize(4);
    }

    /**
     * A choice of one to six tokens, of two different ones, so that many are equal or the beginning of another; now and
     * then with another token in its context, from the very first on.
     */
    private static Arbitrary<Tokenized> choice(int[] context) {
        Arbitrary<int[]> choice =
                Arbitraries.integers().between(4, 5).array(int[].class).ofMinSize(1).ofMaxSize(6);
        Arbitrary<Integer> differentToken = Arbitraries.integers().between(0, context.length - 1);
        return Combinators.combine(choice, Arbitraries.of(true, false, false), differentToken)
                .as((tokens, differs, at) -> {
                    int[] own = context.clone();
                    own[at] = differs ? (own[at] + 1) % VOCAB : own[at];
                    int[] ids = IntStream.concat(Arrays.stream(own), Arrays.stream(tokens)).toArray();
                    return new Tokenized(ids, tokens.length);
                });
    }
}
