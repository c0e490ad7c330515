package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention.ReplaceActivation;

/** Runs that join a walk on its way, and what a walk refuses. */
@ParameterizedClass
@MethodSource("superweight.model.ModelVariant#all")
class WalkTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int LAYERS = TINY.config().numHiddenLayers();
    private static final Intervention FIRST = scaling(0, 1);
    private static final Intervention MIDDLE = scaling(1, 1);
    private static final Intervention MIDDLE_TOO = new ReplaceActivation(1, 3, 0, 40);
    private static final Intervention LAST = scaling(2, 1);

    private final CausalLM model;
    private final List<Sequence> texts;

    private record Seen(int run, HookPoint point, List<Float> activation) {}

    WalkTest(ModelVariant variant) {
        model = variant.load(TINY);
        texts = List.of(Sequence.of(Logits.ids(model, 12, 1)), Sequence.of(Logits.ids(model, 7, 2)));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void runsThatJoinOnTheWayGiveWhatTheyGiveFromTheStart() {
        List<ForwardPass> early = List.of(ForwardPass.original(0), ForwardPass.original(1), run(1, FIRST));
        List<ForwardPass> middle = List.of(run(0, MIDDLE), run(1, FIRST, MIDDLE));
        List<ForwardPass> middleToo = List.of(run(0, MIDDLE_TOO), run(0, MIDDLE, MIDDLE_TOO));
        List<ForwardPass> late = List.of(run(1, LAST), run(0, MIDDLE, MIDDLE_TOO, LAST));
        List<ForwardPass> all = new ArrayList<>();
        try (Walk walk = model.walk(texts, LAYERS)) {
            for (List<ForwardPass> joining : List.of(early, middle, late)) {
                walk.nextLayer();
                walk.run(all, ActivationReader.NONE);
                walk.run(joining, ActivationReader.NONE);
                all.addAll(joining);
                if (walk.layer() == 1) {
                    walk.run(middleToo, ActivationReader.NONE);
                    all.addAll(middleToo);
                }
            }
            assertFalse(walk.nextLayer());
            List<float[]> states = walk.states(all, NDArray::toFloatArray);
            for (int i = 0; i < all.size(); i++) {
                assertArrayEquals(alone(all.get(i)), states.get(i), 1e-5f, all.get(i).toString());
            }
        }
    }

    @Test
    void aReaderIsShownTheNewRunsOfItsCallByTheirPlaceAmongThem() {
        try (Walk walk = model.walk(texts, LAYERS)) {
            walk.nextLayer();
            assertEquals(List.of(0, 1), runsSeen(walk, List.of(ForwardPass.original(0), ForwardPass.original(1))));
            assertEquals(
                    List.of(),
                    runsSeen(walk, List.of(ForwardPass.original(1), ForwardPass.original(0))),
                    "they are known");
            assertEquals(List.of(1, 2), runsSeen(walk, List.of(ForwardPass.original(0), run(0, FIRST), run(1, FIRST))));
            walk.nextLayer();
            // A later layer's intervention makes no difference yet.
            assertEquals(List.of(0, 1), runsSeen(walk, List.of(ForwardPass.original(0), run(0, LAST))));
            assertEquals(List.of(), runsSeen(walk, List.of(run(0, LAST))));
        }
    }

    @Test
    void aReaderIsShownEachOfSeveralEqualRuns() {
        List<Seen> seen = new ArrayList<>();
        List<ForwardPass> runs = List.of(run(0, MIDDLE), ForwardPass.original(0), run(0, MIDDLE), run(1, MIDDLE));
        try (Walk walk = model.walk(texts, LAYERS)) {
            walk.through(
                    runs,
                    (run, point, activation) -> seen.add(new Seen(run, point, boxed(activation.toFloatArray()))),
                    Progress.NONE);
        }
        int sites = Site.values().length - 1; // attention patterns are for those only who ask
        assertEquals(runs.size() * LAYERS * sites, seen.size());
        assertEquals(of(0, seen), of(2, seen));
        assertFalse(of(0, seen).equals(of(1, seen)));
    }

    @Test
    void aRunThatWasLeftBehindIsRefused() {
        try (Walk walk = model.walk(texts, LAYERS)) {
            walk.nextLayer();
            walk.run(List.of(ForwardPass.original(0), run(1, FIRST)), ActivationReader.NONE);
            walk.nextLayer();
            for (ForwardPass absent : List.of(
                    run(0, FIRST), ForwardPass.original(1), run(1, MIDDLE), run(1, scaling(0, 2)))) {
                assertThrows(
                        IllegalStateException.class, () -> walk.run(List.of(absent), ActivationReader.NONE));
            }
            walk.run(List.of(run(0, MIDDLE), run(1, FIRST, MIDDLE)), ActivationReader.NONE);
            walk.nextLayer();
            assertThrows(
                    IllegalStateException.class,
                    () -> walk.run(List.of(ForwardPass.original(0)), ActivationReader.NONE));
            walk.run(List.of(run(0, MIDDLE)), ActivationReader.NONE);
            assertFalse(walk.nextLayer());
            assertThrows(IllegalStateException.class, () -> walk.states(List.of(run(1, FIRST, MIDDLE)), x -> x));
            assertArrayEquals(
                    alone(run(0, MIDDLE)), walk.states(List.of(run(0, MIDDLE)), NDArray::toFloatArray).get(0), 1e-5f);
        }
    }

    @Test
    void outsideOfItsLayersThereIsNothingToRun() {
        try (Walk walk = model.walk(texts, 1)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> walk.run(List.of(ForwardPass.original(0)), ActivationReader.NONE));
            assertThrows(IllegalStateException.class, () -> walk.weightRow(LinearLayer.DOWN_PROJ, 0));
            assertTrue(walk.nextLayer());
            walk.run(List.of(ForwardPass.original(0)), ActivationReader.NONE);
            assertFalse(walk.nextLayer());
            assertThrows(
                    IllegalStateException.class,
                    () -> walk.run(List.of(ForwardPass.original(0)), ActivationReader.NONE));
        }
    }

    @Test
    void aPlaceThatTheModelDoesNotHaveIsRefusedInTheFirstLayer() {
        try (Walk walk = model.walk(texts, LAYERS)) {
            walk.nextLayer();
            assertEquals(
                    "There is no layer 3 for model.layers.3.mlp.down_proj.weight: this model's run from 0 to 2.",
                    assertThrows(
                                    InvalidInputException.class,
                                    () -> walk.run(List.of(run(0, scaling(3, 0))), ActivationReader.NONE))
                            .getMessage());
        }
    }

    @Test
    void theWeightsOfALayerAreTheOriginalModelsWhateverIsRun() {
        try (Walk walk = model.walk(texts, LAYERS)) {
            while (walk.nextLayer()) {
                Intervention here = Intervention.scale(new Coordinate(walk.layer(), 2, 3), 9);
                walk.run(List.of(run(0, FIRST), run(0, FIRST, here)), ActivationReader.NONE);
                for (LinearLayer matrix : LinearLayer.values()) {
                    float[] expected = TINY.weights().get(matrix.weightName(walk.layer()));
                    int columns = matrix.inFeatures(TINY.config());
                    assertArrayEquals(expected, walk.weight(matrix));
                    try (NDManager scope = model.newScope()) {
                        assertArrayEquals(expected, walk.weight(matrix, scope).toFloatArray());
                    }
                    assertArrayEquals(
                            Arrays.copyOfRange(expected, 2 * columns, 3 * columns), walk.weightRow(matrix, 2));
                }
            }
        }
    }

    @Test
    void aWalkThatIsGivenUpLeavesNoArray() {
        int before = model.nativeArrays();
        for (int layers = 0; layers <= LAYERS + 1; layers++) {
            try (Walk walk = model.walk(texts, LAYERS)) {
                for (int i = 0; i < layers; i++) {
                    if (walk.nextLayer()) {
                        walk.run(List.of(ForwardPass.original(0), run(0, LAST), run(0, MIDDLE)), ActivationReader.NONE);
                    }
                }
                assertTrue(model.nativeArrays() > before);
            }
            assertEquals(before, model.nativeArrays(), "after " + layers + " layers");
        }
    }

    @Test
    void aWalkThatFailsOnTheWayLeavesNoArray() {
        int before = model.nativeArrays();
        ActivationReader failing = (run, point, activation) -> {
            if (point.layer() == 1 && run == 1) {
                throw new IllegalStateException("a reader that fails");
            }
        };
        try (Walk walk = model.walk(texts, LAYERS)) {
            List<ForwardPass> runs = List.of(ForwardPass.original(0), run(0, MIDDLE), run(1, FIRST));
            assertThrows(IllegalStateException.class, () -> walk.through(runs, failing, Progress.NONE));
        }
        assertEquals(before, model.nativeArrays());
    }

    private static List<Integer> runsSeen(Walk walk, List<ForwardPass> runs) {
        List<Integer> seen = new ArrayList<>();
        walk.run(runs, (run, point, activation) -> {
            if (point.site() == Site.RESID_POST) {
                seen.add(run);
            }
        });
        return seen;
    }

    private static List<Seen> of(int run, List<Seen> seen) {
        return seen.stream()
                .filter(each -> each.run() == run)
                .map(each -> new Seen(0, each.point(), each.activation()))
                .toList();
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    /** The state after the last layer in a walk with this run only, {@code [T * hidden]}. */
    private float[] alone(ForwardPass run) {
        try (Walk walk = model.walk(texts, LAYERS)) {
            walk.through(List.of(run), ActivationReader.NONE, Progress.NONE);
            return walk.states(List.of(run), NDArray::toFloatArray).get(0);
        }
    }

    private static ForwardPass run(int text, Intervention... interventions) {
        return new ForwardPass(text, List.of(interventions));
    }

    private static Intervention scaling(int layer, int column) {
        return Intervention.scale(new Coordinate(layer, 2, column), 3);
    }
}
