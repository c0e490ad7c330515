package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import superweight.TestModel;
import superweight.find.Agreement;
import superweight.find.Contribution;
import superweight.find.DetectionPrompts;
import superweight.find.Finding.Role;
import superweight.find.Findings;
import superweight.find.SuperWeightFinder;
import superweight.measure.Progress;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Tokenizer.Bos;

/** The embedded model's super weights are where the reference values have its largest activations. */
class FinderParityTest {
    private static final Coordinate LAYER_1 = new Coordinate(1, 507, 83);
    private static final Coordinate LAYER_2 = new Coordinate(2, 507, 90);
    private static final Coordinate LAYER_9 = new Coordinate(9, 507, 200);
    private static final Coordinate LAYER_11 = new Coordinate(11, 507, 1229);
    private static final int PROMPTS = 12;

    private final CausalLM model = TestModel.smollm2();
    private final SuperWeightFinder finder = SuperWeightFinder.of(model);

    @Test
    void onThePapersPromptTheChainIsFoundAndTheErasersAreToldApart() {
        Findings findings = search(DetectionPrompts.PAPER);
        assertEquals(List.of(LAYER_11, LAYER_9, LAYER_2, LAYER_1), findings.superWeights());
        assertEquals(Set.of(28, 29), findings.of(Role.ERASER).stream()
                .map(finding -> finding.evidence().at().layer())
                .collect(Collectors.toSet()));
        assertTrue(findings.of(Role.ERASER).stream().allMatch(finding -> finding.evidence().at().row() == 507));
        assertTrue(findings.superActivationLeft() <= 0.25 * findings.superActivation());
    }

    @Test
    void onOtherPromptsTheSameWeightsAreFound() {
        List<String> prompts = DetectionPrompts.checkedOn().subList(0, PROMPTS);
        Agreement agreement = new Agreement(prompts.stream().map(this::search).toList());
        assertEquals(PROMPTS, agreement.count(LAYER_11, Role.SUPER_WEIGHT));
        assertTrue(agreement.count(LAYER_9, Role.SUPER_WEIGHT) >= 0.9 * PROMPTS);
        assertTrue(agreement.count(LAYER_2, Role.SUPER_WEIGHT) >= 0.9 * PROMPTS);
        assertTrue(agreement.places(Role.SUPER_WEIGHT).stream().allMatch(at -> at.layer() < 24));
        assertEquals(PROMPTS, agreement.count(new Coordinate(28, 507, 678), Role.ERASER));
    }

    /** It lists an eraser second and layer 27's spike before a writer. */
    @Test
    void theSecondDetectorFindsTheStrongestAndDoesNotTellErasersApart() {
        int[] ids = model.tokenizer().encode(DetectionPrompts.PAPER, Bos.AUTO);
        List<Coordinate> top = Contribution.top(model, ids, 7).stream().map(Contribution::at).toList();
        assertEquals(LAYER_11, top.get(0));
        assertEquals(new Coordinate(28, 507, 678), top.get(1));
        assertTrue(top.indexOf(new Coordinate(27, 199, 903)) < top.indexOf(LAYER_1));
    }

    private Findings search(String prompt) {
        return finder.find(model.tokenizer().encode(prompt, Bos.AUTO), Progress.NONE);
    }
}
