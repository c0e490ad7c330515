package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import superweight.measure.ZeroShotTask;
import superweight.stats.PairedBootstrap;

class ZeroShotClaimsTest {
    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(3, 50, 0.95);

    private final ZeroShotClaims someTasks = new ZeroShotClaims(ZeroShotAnswers.COMPARISON, BOOTSTRAP);
    private final ZeroShotClaims allTasks = new ZeroShotClaims(
            new ZeroShotComparison(
                    ZeroShotAnswers.CONDITIONS, TableOne.TASKS.stream().map(ZeroShotAnswers::whole).toList()),
            BOOTSTRAP);

    @Test
    void anAverageOfTwoTasksIsNeverHeldAgainstThePapersOfSeven() {
        assertTrue(someTasks.onThePapersModel().isEmpty());
        assertTrue(byClaim(someTasks.onAnotherModel()).keySet().stream().noneMatch(id -> id.endsWith("-average")));
    }

    @Test
    void onThePapersModelOnlyWholeTasksAreJudged() {
        ZeroShotComparison mixed = new ZeroShotComparison(ZeroShotAnswers.CONDITIONS, List.of(
                ZeroShotAnswers.COMPARISON.tasks().get(0), ZeroShotAnswers.whole(ZeroShotTask.SCIQ)));
        assertEquals(List.of("table-1-original-sciq", "table-1-prune-sw-sciq", "table-1-prune-non-sw-sciq",
                        "table-1-restore-sa-sciq"),
                new ZeroShotClaims(mixed, BOOTSTRAP).onThePapersModel().stream().map(Measured::claim).toList());
    }

    @Test
    void anotherModelIsAskedForTheEffectsOnTheTasksThatWereRun() {
        Map<String, Measured> measured = byClaim(someTasks.onAnotherModel());
        assertEquals(25, measured.get("table-1-prune-sw-piqa").value());
        assertEquals(-0.5, effect(measured, "table-1-prune-sw-piqa"), 1e-12);
        assertEquals(-0.5, effect(measured, "falls-to-guessing"), 1e-12);
        assertEquals(1, effect(measured, "a-millionth-of-each-matrix-costs-little-accuracy"), 1e-12);
        assertEquals(0, effect(measured, "seven-thousand-weights-cost-little-accuracy"), 1e-12);
        assertEquals(2.0 / 3, effect(measured, "recovered-share"), 1e-12);
        assertEquals(0.5, effect(measured, "plummets-to-zero"), 1e-12);
    }

    @Test
    void whereTheOriginalGuessesThereIsNoEffect() {
        Measured measured = byClaim(someTasks.onAnotherModel()).get("table-1-prune-sw-winogrande");
        assertEquals(50, measured.value());
        assertTrue(measured.effect().isEmpty());
    }

    @Test
    void everyClaimOfTheNotebookIsMeasuredOnceAllTasksAreThere() {
        Claims claims = Claims.read(Checkout.current().claims()).of("06-zero-shot");
        assertEquals(
                claims.rows().stream().map(Claim::id).sorted().toList(),
                allTasks.onThePapersModel().stream().map(Measured::claim).sorted().toList());
        assertEquals(byClaim(allTasks.onThePapersModel()).keySet(), byClaim(allTasks.onAnotherModel()).keySet());
    }

    @Test
    void withoutDataNothingIsMeasured() {
        ZeroShotClaims none = new ZeroShotClaims(ZeroShotComparison.of(ZeroShotAnswers.CONDITIONS), BOOTSTRAP);
        assertTrue(none.onThePapersModel().isEmpty() && none.onAnotherModel().isEmpty());
    }

    private static double effect(Map<String, Measured> measured, String claim) {
        return measured.get(claim).effect().orElseThrow().value();
    }

    private static Map<String, Measured> byClaim(List<Measured> measured) {
        return measured.stream().collect(Collectors.toMap(Measured::claim, Function.identity()));
    }
}
