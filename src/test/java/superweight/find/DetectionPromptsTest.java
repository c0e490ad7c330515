package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionPromptsTest {
    private static final List<String> CHOSEN = DetectionPrompts.chosenOn();
    private static final List<String> CHECKED = DetectionPrompts.checkedOn();

    @Test
    void theRuleIsCheckedOnOtherPromptsThanItWasChosenOn() {
        assertEquals(40, CHOSEN.size());
        assertEquals(24, CHECKED.size());
        assertEquals(40, new HashSet<>(CHOSEN).size());
        assertEquals(24, new HashSet<>(CHECKED).size());
        assertTrue(Collections.disjoint(CHOSEN, CHECKED));
    }

    @Test
    void thePapersPromptIsTheFirstThatTheRuleWasChosenOn() {
        assertEquals("Apple Inc. is a worldwide tech company.", DetectionPrompts.PAPER);
        assertEquals(DetectionPrompts.PAPER, CHOSEN.get(0));
    }

    @Test
    void lineBreaksAreReadAsSuchAndEverythingElseAsItStands() {
        assertTrue(CHOSEN.contains("def fibonacci(n):\n    if n < 2:\n        return n"));
        assertTrue(CHOSEN.contains("\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\uff0c"));
        assertTrue(CHOSEN.contains("Der Hund l\u00e4uft durch den"));
        assertTrue(CHECKED.contains("Q: How many legs does a spider have?\nA:"));
        for (List<String> prompts : List.of(CHOSEN, CHECKED)) {
            assertFalse(prompts.stream().anyMatch(prompt -> prompt.contains("\\") || prompt.contains("\r")));
            assertFalse(prompts.stream().anyMatch(String::isBlank));
        }
    }
}
