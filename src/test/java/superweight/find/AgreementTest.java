package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.find.Finding.Role;
import superweight.model.Coordinate;

class AgreementTest {
    private static final Coordinate A = new Coordinate(1, 2, 3);
    private static final Coordinate B = new Coordinate(4, 2, 5);
    private static final Coordinate C = new Coordinate(1, 2, 6);
    private static final Coordinate NOWHERE = new Coordinate(0, 0, 0);

    private final Agreement agreement = new Agreement(List.of(
            findings(found(A, Role.SUPER_WEIGHT, 5), found(B, Role.SUPER_WEIGHT, 9), found(C, Role.ERASER, 7)),
            findings(found(A, Role.SUPER_WEIGHT, 5), found(B, Role.BYSTANDER, 9)),
            findings(found(C, Role.SUPER_WEIGHT, 4)),
            findings()));

    @Test
    void aPlaceIsCountedInEachOfItsRoles() {
        assertEquals(2, agreement.count(A, Role.SUPER_WEIGHT));
        assertEquals(0, agreement.count(A, Role.ERASER));
        assertEquals(1, agreement.count(B, Role.SUPER_WEIGHT));
        assertEquals(1, agreement.count(B, Role.BYSTANDER));
        assertEquals(1, agreement.count(C, Role.ERASER));
        assertEquals(1, agreement.count(C, Role.SUPER_WEIGHT));
        assertEquals(0, agreement.count(NOWHERE, Role.SUPER_WEIGHT));
    }

    @Test
    void placesAreListedOnceTheStrongestOfTheFirstPromptFirst() {
        assertEquals(List.of(B, A, C), agreement.places(Role.SUPER_WEIGHT));
        assertEquals(List.of(C), agreement.places(Role.ERASER));
        assertEquals(List.of(), agreement.places(Role.LATE_SPIKE));
    }

    @Test
    void aPlaceIsAgreedOnFromTheRulesShareOfThePromptsOn() {
        assertEquals(List.of(A), agreement.agreed(Role.SUPER_WEIGHT, sharing(0.5)));
        assertEquals(List.of(), agreement.agreed(Role.SUPER_WEIGHT, sharing(0.51)));
        assertEquals(List.of(B, A, C), agreement.agreed(Role.SUPER_WEIGHT, sharing(0.25)));
        assertEquals(List.of(A), agreement.agreed(Role.SUPER_WEIGHT, DetectionRule.DEFAULT));
        assertEquals(List.of(), agreement.agreed(Role.ERASER, DetectionRule.DEFAULT));
    }

    @Test
    void onOnePromptWhateverIsFoundIsAgreedOn() {
        Agreement alone = new Agreement(agreement.prompts().subList(0, 1));
        assertEquals(List.of(B, A), alone.agreed(Role.SUPER_WEIGHT, DetectionRule.DEFAULT));
        assertEquals(List.of(C), alone.agreed(Role.ERASER, DetectionRule.DEFAULT));
    }

    private static DetectionRule sharing(double agreement) {
        DetectionRule rule = DetectionRule.DEFAULT;
        return new DetectionRule(
                rule.superActivation(), rule.early(), rule.spike(), rule.share(), rule.needed(), rule.suppressed(),
                agreement);
    }

    private static Findings findings(Finding... all) {
        return new Findings(List.of(), Arrays.asList(all), 10, 1, 1);
    }

    private static Finding found(Coordinate at, Role role, float input) {
        WeightStatistics statistics = new WeightStatistics(1, 1, 3);
        return new Finding(role, new Evidence(at, -1, input, -input, 0, 200, statistics, 0.9, 10, 1), 1);
    }
}
