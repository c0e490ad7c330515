package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.TestModel;
import superweight.find.Agreement;
import superweight.find.Contribution;
import superweight.find.DetectionPrompts;
import superweight.find.DetectionRule;
import superweight.find.Finding.Role;
import superweight.find.Findings;
import superweight.find.LayerProfile;
import superweight.find.LayerRange;
import superweight.find.SuperWeightFinder;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Tokenizer.Bos;

/** The finder on the embedded model, whose super weights are known from their effect on perplexity. */
class FinderTest {
    private static final Golden GOLDEN = Golden.smollm2();
    private static final Coordinate STRONGEST = new Coordinate(11, 507, 1229);
    private static final Coordinate SECOND = new Coordinate(9, 507, 200);
    private static final Coordinate THIRD = new Coordinate(2, 507, 90);
    private static final Coordinate FOURTH = new Coordinate(1, 507, 83);

    private final CausalLM model = TestModel.smollm2();
    private final SuperWeightFinder finder = SuperWeightFinder.of(model);

    @Test
    void onThePapersPromptTheSuperWeightsAreFourInOneRowAndTwoErase() {
        Findings findings = finder.find(ids(DetectionPrompts.PAPER), Progress.NONE);
        assertEquals(List.of(STRONGEST, SECOND, THIRD, FOURTH), findings.superWeights());
        List<Coordinate> erasers = places(findings, Role.ERASER);
        assertEquals(List.of(28, 29), erasers.stream().map(Coordinate::layer).sorted().toList());
        assertTrue(erasers.stream().allMatch(at -> at.row() == STRONGEST.row()), erasers::toString);
        assertTrue(findings.superActivationLeft() < 0.25 * findings.superActivation());
    }

    @Test
    void theDownProjProfileAgreesWithinAThousandth() {
        assertEquals(DetectionPrompts.PAPER, GOLDEN.profile().prompt());
        List<LayerProfile> profile = finder.profile(ids(DetectionPrompts.PAPER));
        assertEquals(GOLDEN.profile().layers().size(), profile.size());
        for (Golden.LayerProfile expected : GOLDEN.profile().layers()) {
            LayerProfile actual = profile.get(expected.layer());
            String where = "layer " + expected.layer();
            assertEquals(expected.layer(), actual.layer());
            assertEquals(expected.inMax(), actual.input().value(), 1e-3 * Math.abs(expected.inMax()), where);
            assertEquals(expected.outMax(), actual.output().value(), 1e-3 * Math.abs(expected.outMax()), where);
            assertEquals(expected.inToken(), actual.input().token(), where);
            assertEquals(expected.inChannel(), actual.input().channel(), where);
            assertEquals(expected.outToken(), actual.output().token(), where);
            assertEquals(expected.outChannel(), actual.output().channel(), where);
        }
    }

    @Test
    void theOtherDetectorNamesTheSamePlacesWithoutTellingWhatTheyDo() {
        List<Contribution> top = Contribution.top(model, ids(DetectionPrompts.PAPER), 30);
        assertEquals(STRONGEST, top.get(0).at());
        List<Coordinate> places = top.stream().map(Contribution::at).toList();
        assertTrue(places.containsAll(List.of(SECOND, THIRD, FOURTH)), places::toString);
        assertTrue(places.stream().anyMatch(at -> at.layer() == 28 && at.row() == STRONGEST.row()), places::toString);
    }

    /** The prompts that the rule was not chosen on. */
    @Test
    void otherPromptsAgree() {
        List<int[]> prompts = DetectionPrompts.checkedOn().stream().map(this::ids).toList();
        Agreement agreement = Agreement.of(finder, prompts, Progress.NONE);
        assertEquals(prompts.size(), agreement.count(STRONGEST, Role.SUPER_WEIGHT));
        assertTrue(agreement.count(SECOND, Role.SUPER_WEIGHT) >= 0.9 * prompts.size(), agreement::toString);
        assertTrue(agreement.count(THIRD, Role.SUPER_WEIGHT) >= 0.9 * prompts.size(), agreement::toString);
        assertEquals(
                List.of(STRONGEST, SECOND, THIRD, FOURTH),
                agreement.agreed(Role.SUPER_WEIGHT, DetectionRule.DEFAULT));
        for (Findings findings : agreement.prompts()) {
            assertEquals(
                    List.of(28, 29),
                    places(findings, Role.ERASER).stream().map(Coordinate::layer).sorted().toList());
        }
    }

    /** Layer 8 lies within the chain: what it is worth shows only after the last early layer. */
    @Test
    void aSearchOfSomeLayersFindsWhatASearchOfAllFindsThere() {
        int[] ids = ids(DetectionPrompts.PAPER);
        SuperWeightFinder first = new SuperWeightFinder(model, DetectionRule.DEFAULT, new LayerRange(0, 8));
        assertEquals(List.of(THIRD, FOURTH), first.find(ids, Progress.NONE).superWeights());
        SuperWeightFinder last = new SuperWeightFinder(model, DetectionRule.DEFAULT, new LayerRange(24, 29));
        Findings late = last.find(ids, Progress.NONE);
        assertEquals(List.of(), late.superWeights());
        assertEquals(List.of(28, 29), places(late, Role.ERASER).stream().map(Coordinate::layer).sorted().toList());
    }

    private int[] ids(String prompt) {
        return model.tokenizer().encode(prompt, Bos.AUTO);
    }

    private static List<Coordinate> places(Findings findings, Role role) {
        return findings.of(role).stream().map(finding -> finding.evidence().at()).toList();
    }
}
