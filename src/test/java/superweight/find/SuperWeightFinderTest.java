package superweight.find;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.Family;
import superweight.checkpoint.RandomLlama;
import superweight.find.Finding.Role;
import superweight.find.Planted.Activations;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.LinearLayer;

/** The finder on a model of ten layers, of which 0 to 7 are early, with a super weight in layer 2. */
class SuperWeightFinderTest {
    private static final int LAYERS = 10;
    private static final int LATE = 8;
    private static final int TOKEN = 3;
    private static final RandomLlama RANDOM = Planted.random(LAYERS, 1);

    /** Its super activation is on {@link #TOKEN}. */
    private static final Coordinate EARLY = new Coordinate(2, 5, Activations.of(RANDOM, 2).columnOfPeak(TOKEN));

    private static final RandomLlama PLANTED = Planted.plant(RANDOM, EARLY, 1000);

    @ParameterizedTest
    @CsvSource({"5, -0.8, ERASER", "5, 0.8, LATE_SPIKE", "6, -0.8, LATE_SPIKE", "6, 0.8, LATE_SPIKE"})
    void aSpikeOfALateLayerIsAnEraserOrALateSpikeAndNeverASuperWeight(int row, double share, Role role) {
        Coordinate late = Planted.atTheSuperActivation(PLANTED, LATE, row, EARLY.row());
        Findings findings = Planted.search(Planted.plantShare(PLANTED, late, EARLY.row(), share));
        assertEquals(List.of(EARLY), findings.superWeights());
        assertEquals(List.of(late), places(findings, role));
        assertEquals(2, findings.all().size());
        Finding finding = findings.at(late).orElseThrow();
        assertEquals(0, finding.evidence().written());
        assertEquals(0, finding.evidence().loss(), "the super activation is measured before it");
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "QWEN2", "QWEN3"})
    void aSuperWeightIsFoundInEveryFamily(Family family) {
        RandomLlama random = RandomLlama.of(RandomLlama.in(family, RANDOM.config()), 3);
        assertEquals(List.of(EARLY), Planted.search(Planted.plant(random, EARLY, 1000)).superWeights());
    }

    /** Whose product is against the super activation, and dies with it, cannot be what writes it. */
    @Test
    void anEarlyEraserIsABystander() {
        Coordinate eraser = new Coordinate(6, EARLY.row(), columnFedBySuperActivation(6));
        Findings findings = Planted.search(Planted.plantShare(PLANTED, eraser, EARLY.row(), -0.2));
        assertEquals(List.of(EARLY), findings.superWeights());
        assertEquals(List.of(eraser), places(findings, Role.BYSTANDER));
        Finding finding = findings.at(eraser).orElseThrow();
        assertTrue(finding.evidence().written() < 0, finding::toString);
        assertTrue(finding.evidence().loss() < 0, finding::toString);
    }

    /** The search goes on "until the magnitudes of large maximum activations are greatly suppressed". */
    @Test
    void anEarlyEraserThatLeavesASuperActivationOfItsOwnIsASuperWeight() {
        Coordinate eraser = Planted.atTheSuperActivation(PLANTED, 6, EARLY.row(), EARLY.row());
        Findings findings = Planted.search(Planted.plantShare(PLANTED, eraser, EARLY.row(), -0.4));
        assertEquals(Set.of(EARLY, eraser), Set.copyOf(findings.superWeights()));
        assertEquals(1, findings.at(EARLY).orElseThrow().pass());
        assertEquals(2, findings.at(eraser).orElseThrow().pass());
    }

    /** Where it spikes in a channel without a super activation, nothing is proposed. */
    @Test
    void anEarlySpikeOutsideTheSuperActivationsChannelsIsNoFinding() {
        Coordinate small = new Coordinate(2, 9, 30);
        RandomLlama both = Planted.plant(Planted.plant(RANDOM, EARLY, 5000), small, 150);
        Findings findings = Planted.search(both);
        assertEquals(List.of(EARLY), findings.superWeights());
        assertEquals(1, findings.all().size());
    }

    /** The rule ends the search once a quarter or less of the super activation is left. */
    @ParameterizedTest
    @CsvSource({"0.15, 1", "0.4, 2"})
    void theSearchEndsWhenTheSuperActivationIsSuppressed(double shareOfTheSecond, int found) {
        Activations layer = Activations.of(RANDOM, EARLY.layer());
        Coordinate second = new Coordinate(2, 5, otherColumnOfPeak(layer, EARLY.column()));
        RandomLlama both = Planted.plant(RANDOM, EARLY, 2000 * (1 - shareOfTheSecond));
        Findings findings = Planted.search(Planted.plant(both, second, 2000 * shareOfTheSecond));
        assertEquals(List.of(EARLY, second).subList(0, found), findings.superWeights());
        assertEquals(found, findings.passes());
        assertTrue(findings.superActivationLeft() <= 0.25 * findings.superActivation());
    }

    @Test
    void superWeightsAreListedByTheSizeOfTheirProducts() {
        Coordinate stronger = new Coordinate(2, 9, EARLY.column());
        Findings findings = Planted.search(Planted.plant(PLANTED, stronger, -1500));
        assertEquals(List.of(stronger, EARLY), findings.superWeights());
    }

    @Test
    void theEvidenceIsWhatADefinitionGives() {
        assertEvidence(EARLY, Planted.search(PLANTED).at(EARLY).orElseThrow().evidence());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2:5:1", "2:6:0", "0:23:39", "9:5:7", "7:0:0"})
    void thereIsEvidenceOfAPlaceThatDoesNotSpike(String text) {
        Coordinate at = Coordinate.parse(text);
        try (CausalLM model = PLANTED.load()) {
            assertEvidence(at, SuperWeightFinder.of(model).evidence(Planted.IDS, at));
        }
    }

    @Test
    void aPlaceThatTheModelDoesNotHaveIsRefused() {
        try (CausalLM model = PLANTED.load()) {
            SuperWeightFinder finder = SuperWeightFinder.of(model);
            for (String place : List.of("10:0:0", "0:24:0", "0:0:40")) {
                Coordinate at = Coordinate.parse(place);
                assertThrows(InvalidInputException.class, () -> finder.evidence(Planted.IDS, at), place);
            }
            assertThrows(
                    InvalidInputException.class,
                    () -> new SuperWeightFinder(model, DetectionRule.DEFAULT, new LayerRange(0, LAYERS)));
        }
    }

    @Test
    void aSearchChangesNoWeightAndGivesTheSameAgain() {
        try (CausalLM model = PLANTED.load()) {
            Findings first = SuperWeightFinder.of(model).find(Planted.IDS, Progress.NONE);
            assertEquals(first, SuperWeightFinder.of(model).find(Planted.IDS, Progress.NONE));
            for (int layer = 0; layer < LAYERS; layer++) {
                for (LinearLayer matrix : LinearLayer.values()) {
                    String name = matrix.weightName(layer);
                    assertArrayEquals(PLANTED.weights().get(name), model.weight(layer, matrix), name);
                }
            }
        }
    }

    @Test
    void theProfileHoldsTheSpikesAroundEveryDownProj() {
        try (CausalLM model = PLANTED.load()) {
            List<LayerProfile> profile = SuperWeightFinder.of(model).profile(Planted.IDS);
            assertEquals(LAYERS, profile.size());
            for (int layer = 0; layer < LAYERS; layer++) {
                Activations expected = Activations.of(model, layer);
                assertEquals(layer, profile.get(layer).layer());
                assertEquals(Spike.of(expected.input(), Planted.INTERMEDIATE), profile.get(layer).input());
                assertEquals(Spike.of(expected.output(), Planted.HIDDEN), profile.get(layer).output());
            }
            List<LayerProfile> found = SuperWeightFinder.of(model).find(Planted.IDS, Progress.NONE).profile();
            for (int layer = 0; layer < LAYERS; layer++) {
                assertSame(profile.get(layer).input(), found.get(layer).input());
                assertSame(profile.get(layer).output(), found.get(layer).output());
            }
            assertEquals(EARLY.row(), profile.get(2).output().channel());
            assertEquals(TOKEN, profile.get(2).output().token());
        }
    }

    /** Equal to rounding: how many runs go through a layer together decides which product of the engine's is taken. */
    private static void assertSame(Spike expected, Spike actual) {
        assertEquals(List.of(expected.token(), expected.channel()), List.of(actual.token(), actual.channel()));
        assertEquals(expected.value(), actual.value(), 1e-5 * Math.abs(expected.value()));
        assertEquals(expected.timesMedian(), actual.timesMedian(), 1e-5 * expected.timesMedian());
    }

    @Test
    void onlyTheLayersAskedForAreListed() {
        Coordinate other = new Coordinate(4, 9, 30);
        RandomLlama both = Planted.plant(PLANTED, other, 1000);
        assertEquals(2, Planted.search(both).superWeights().size());
        assertEquals(List.of(other), search(both, new LayerRange(3, 9)).superWeights());
        assertEquals(List.of(EARLY), search(both, new LayerRange(0, 2)).superWeights());
        assertEquals(List.of(EARLY), search(both, new LayerRange(2, 3)).superWeights());
        assertEquals(List.of(), search(both, new LayerRange(8, 9)).all());
        List<Integer> listed = search(both, new LayerRange(3, 6)).profile().stream().map(LayerProfile::layer).toList();
        assertEquals(List.of(3, 4, 5, 6), listed);
    }

    /** A layer that cannot be run without ruining the result. */
    @Test
    void noLayerIsRunAfterTheRangeAndTheEarlyLayers() {
        RandomLlama ruined = Planted.set(PLANTED, new Coordinate(LATE, 0, 0), Double.NaN);
        LayerRange before = new LayerRange(0, 3);
        assertEquals(search(PLANTED, before), search(ruined, before));
        assertThrows(ArithmeticException.class, () -> search(ruined, new LayerRange(0, LATE)));
    }

    /** What is found in some layers is what a search of all finds there. */
    @Test
    void theSuperActivationIsMeasuredAfterTheLastEarlyLayerWhateverIsSearched() {
        Finding whole = Planted.search(PLANTED).at(EARLY).orElseThrow();
        assertEquals(whole, search(PLANTED, new LayerRange(2, 2)).at(EARLY).orElseThrow());
        Coordinate eraser = Planted.atTheSuperActivation(PLANTED, LATE, EARLY.row(), EARLY.row());
        RandomLlama erased = Planted.plantShare(PLANTED, eraser, EARLY.row(), -0.8);
        assertEquals(List.of(eraser), places(search(erased, new LayerRange(LATE, 9)), Role.ERASER));
    }

    @Test
    void aLateLayerMayEraseSeveralSuperActivations() {
        Coordinate second = new Coordinate(2, 9, EARLY.column());
        RandomLlama two = Planted.plant(PLANTED, second, 1000);
        Coordinate first = Planted.atTheSuperActivation(two, LATE, EARLY.row(), EARLY.row());
        RandomLlama once = Planted.plantShare(two, first, EARLY.row(), -0.8);
        Coordinate other = Planted.atTheSuperActivation(once, LATE, second.row(), second.row());
        Findings findings = Planted.search(Planted.plantShare(once, other, second.row(), -0.8));
        assertEquals(Set.of(EARLY, second), Set.copyOf(findings.superWeights()));
        assertEquals(Set.of(first, other), Set.copyOf(places(findings, Role.ERASER)));
    }

    /** Of a weight that a later pass proposes, the evidence shows why that pass accepted it. */
    @Test
    void theEvidenceOfALaterPassIsThatPasss() {
        Coordinate eraser = Planted.atTheSuperActivation(PLANTED, 6, EARLY.row(), EARLY.row());
        Findings findings = Planted.search(Planted.plantShare(PLANTED, eraser, EARLY.row(), -0.4));
        Finding late = findings.at(eraser).orElseThrow();
        assertEquals(2, late.pass());
        Evidence evidence = late.evidence();
        assertTrue(evidence.written() >= 0.2 || evidence.loss() >= 0.2, evidence::toString);
        assertTrue(evidence.share() >= 0.2 && evidence.timesMedian() >= 100, evidence::toString);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 3e38})
    void aModelThatLeavesFloat32HasNoResult(double weight) {
        for (int layer : new int[] {0, 9}) {
            RandomLlama ruined = PLANTED;
            for (int column = 0; column < Planted.INTERMEDIATE; column++) {
                ruined = Planted.set(ruined, new Coordinate(layer, 7, column), weight);
            }
            RandomLlama whole = ruined;
            String message = assertThrows(ArithmeticException.class, () -> Planted.search(whole)).getMessage();
            assertTrue(message.endsWith("the model leaves the range of float32."), message);
        }
    }

    @Test
    void theNumbersOfTheRuleDecide() {
        assertEquals(List.of(EARLY), search(PLANTED, rule(0.8, 100, 0.2)).superWeights());
        assertEquals(List.of(), search(PLANTED, rule(0.8, 1e6, 0.2)).all(), "no spike is large enough");
        assertEquals(List.of(), search(PLANTED, rule(0.8, 100, 2)).all(), "no product makes twice the spike");
        assertEquals(List.of(EARLY), places(search(PLANTED, rule(0.2, 100, 0.2)), Role.LATE_SPIKE));
    }

    @Test
    void progressIsToldAfterEachLayerAndEndsAtOne() {
        List<Double> fractions = new ArrayList<>();
        List<String> layers = new ArrayList<>();
        try (CausalLM model = PLANTED.load()) {
            SuperWeightFinder.of(model).find(Planted.IDS, (fraction, what) -> {
                fractions.add(fraction);
                layers.add(what);
            });
        }
        assertEquals(fractions.stream().sorted().toList(), fractions);
        assertEquals(1, fractions.get(fractions.size() - 1));
        assertEquals(
                IntStream.rangeClosed(1, 10).mapToObj(layer -> "layer " + layer + " of 10").toList(),
                layers.subList(0, 10));
    }

    /** What one walk tests of both prompts is what a walk of each alone tests. */
    @Test
    void severalPromptsInOneWalkGiveWhatEachGivesAlone() {
        List<int[]> prompts = List.of(Planted.IDS, Arrays.copyOf(Planted.IDS, 4), new int[] {3, 1, 2, 9, 5, 8, 8});
        try (CausalLM model = PLANTED.load()) {
            SuperWeightFinder finder = SuperWeightFinder.of(model);
            List<Findings> together = finder.find(prompts, Progress.NONE);
            for (int i = 0; i < prompts.size(); i++) {
                Findings alone = finder.find(prompts.get(i), Progress.NONE);
                assertEquals(alone.superWeights(), together.get(i).superWeights());
                assertEquals(alone.passes(), together.get(i).passes());
                assertEquals(alone.all().size(), together.get(i).all().size());
                assertEquals(
                        alone.superActivationLeft(),
                        together.get(i).superActivationLeft(),
                        1e-5 * alone.superActivation());
            }
        }
    }

    /** Each number from its definition, in plain loops or on a checkpoint without the weight. */
    private static void assertEvidence(Coordinate at, Evidence evidence) {
        Activations layer = Activations.of(PLANTED, at.layer());
        float[] matrix = PLANTED.weights().get(LinearLayer.DOWN_PROJ.weightName(at.layer()));
        float weight = matrix[at.row() * Planted.INTERMEDIATE + at.column()];
        int token = Activations.largest(layer.output(), Planted.HIDDEN, at.row());
        float output = layer.output()[token * Planted.HIDDEN + at.row()];
        assertEquals(at, evidence.at());
        assertEquals(weight, evidence.weight());
        assertEquals(token, evidence.token());
        double input = layer.input(token, at.column());
        assertEquals(input, evidence.input(), 1e-5 * Math.abs(input));
        assertEquals(output, evidence.output(), 1e-5 * Math.abs(output));
        assertEquals((double) evidence.input() * weight, evidence.product());
        assertEquals(evidence.product() / evidence.output(), evidence.share());
        assertEquals(Math.abs(output) / Activations.median(layer.output()), evidence.timesMedian(), 1e-4 * evidence.timesMedian());
        assertEquals(
                WeightStatistics.of(matrix, Planted.INTERMEDIATE, at.row(), at.column()), evidence.statistics());
        double with = superActivation(PLANTED, at.row());
        double without = superActivation(Planted.set(PLANTED, at, 0), at.row());
        assertEquals(with, evidence.superActivation(), 1e-5 * Math.abs(with));
        assertEquals(without, evidence.superActivationWithout(), 1e-5 * Math.abs(with));
        assertEquals(1 - Math.abs(without / with), evidence.loss(), 1e-5);
    }

    /** A channel's value of largest magnitude after layer 7, the last early one. */
    private static double superActivation(RandomLlama model, int channel) {
        float[] after = Activations.of(model, 7).after();
        return after[Activations.largest(after, Planted.HIDDEN, channel) * Planted.HIDDEN + channel];
    }

    /** The column of a later layer whose input shrinks the most when {@link #EARLY} is away. */
    private static int columnFedBySuperActivation(int layer) {
        Activations with = Activations.of(PLANTED, layer);
        Activations without = Activations.of(RANDOM, layer);
        return IntStream.range(0, Planted.INTERMEDIATE)
                .boxed()
                .max(Comparator.comparingDouble(column -> Math.abs(
                        with.input(TOKEN, column) / without.input(without.peak(column), column))))
                .orElseThrow();
    }

    private static int otherColumnOfPeak(Activations layer, int column) {
        for (int other = 0; other < Planted.INTERMEDIATE; other++) {
            if (other != column && layer.peak(other) == layer.peak(column)) {
                return other;
            }
        }
        throw new IllegalStateException("the seed gives no two");
    }

    private static Findings search(RandomLlama planted, LayerRange layers) {
        return search(planted, DetectionRule.DEFAULT, layers);
    }

    private static Findings search(RandomLlama planted, DetectionRule rule) {
        return search(planted, rule, LayerRange.all(planted.config()));
    }

    private static Findings search(RandomLlama planted, DetectionRule rule, LayerRange layers) {
        try (CausalLM model = planted.load()) {
            return new SuperWeightFinder(model, rule, layers).find(Planted.IDS, Progress.NONE);
        }
    }

    private static DetectionRule rule(double early, double spike, double share) {
        DetectionRule rule = DetectionRule.DEFAULT;
        return new DetectionRule(
                rule.superActivation(), early, spike, share, rule.needed(), rule.suppressed(), rule.agreement());
    }

    private static List<Coordinate> places(Findings findings, Role role) {
        assertFalse(findings.profile().isEmpty());
        return findings.of(role).stream().map(finding -> finding.evidence().at()).toList();
    }
}
