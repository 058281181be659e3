"""The page of a run, as somebody reads it who wants to know what happened."""

from browser import Keys, PageTest


class ReportTest(PageTest):
    def test_every_account_has_a_row_with_bars_and_its_lanes_unfold(self):
        self.open("run.html")
        self.assertIn("done", self.one("h1").text)
        rows = self.all("#lanes > li > .lane > button")
        self.assertGreater(len(rows), 5)
        self.assertTrue(self.all("#lanes .bar"))
        self.assertTrue(self.all("#lanes .band"))
        rows[1].click()
        self.assertEqual(rows[1].get_attribute("aria-expanded"), "true")
        lanes = self.all("#lanes ol .lane")
        self.assertTrue(lanes)
        rows[1].click()
        self.assertEqual(self.all("#lanes ol .lane"), [])

    def test_a_bar_says_its_step_to_the_keyboard(self):
        self.open("run.html")
        self.all("#lanes > li > .lane > button")[1].send_keys(Keys.ENTER, Keys.TAB)
        bar = self.driver.switch_to.active_element
        self.assertEqual(bar.tag_name, "rect")
        self.assertEqual(self.one("#step").text, bar.get_attribute("aria-label"))

    def test_a_wave_begins_where_the_one_before_has_ended(self):
        self.open("run.html")
        bands = self.script(
            "return [...document.querySelector('#lanes .lane svg').querySelectorAll('.band')]"
            ".map((one) => ['x', 'width'].map((name) => parseFloat(one.getAttribute(name))))"
        )
        self.assertEqual(len(bands), len(self.all(".waves tbody tr")))
        for (x, width), (following, _) in zip(bands, bands[1:]):
            self.assertLessEqual(x + width, following + 0.01)

    def test_the_table_has_the_same_steps(self):
        self.open("failed.html")
        self.one("#list summary").click()
        self.until(lambda: self.all("#steps tr"))
        outcomes = {one.text for one in self.all("#steps td:nth-child(4)")}
        self.assertIn("done", outcomes)

    def test_what_failed_is_said_first_and_as_text(self):
        self.open("failed.html")
        self.assertIn("failed", self.one("h1").text)
        self.assertIn("</script><img src=x>", self.one(".failure").text)
        self.assertEqual(self.driver.find_elements("tag name", "img"), [])
        self.assertTrue(self.all("#lanes ol .bar.failed"), "the account of a failure is unfolded")
        self.assertIn("not tried", self.one("#lanes").text)

    def test_a_failure_leads_to_its_account_in_the_timeline(self):
        self.open("failed.html")
        self.one("#lanes [aria-expanded=true]").send_keys(Keys.ENTER)
        self.one(".failure a").click()
        button = self.driver.switch_to.active_element
        self.assertEqual(button.get_attribute("aria-expanded"), "true")
        self.assertIn("failed", button.text)

    def test_what_was_done_can_be_left_out(self):
        self.open("failed.html")
        before = len(self.all("#lanes > li"))
        self.one("#unfinished").click()
        self.assertEqual(len(self.all("#lanes > li")), 2, "the axis, and the account of the failure")
        self.driver.refresh()
        self.assertEqual(len(self.all("#lanes > li")), 2)
        self.one("#unfinished").click()
        self.assertEqual(len(self.all("#lanes > li")), before)

    def test_the_address_keeps_what_is_unfolded(self):
        self.open("run.html")
        self.all("#lanes > li > .lane > button")[1].click()
        lanes = [one.text for one in self.all("#lanes ol .lane")]
        self.driver.refresh()
        self.assertEqual([one.text for one in self.all("#lanes ol .lane")], lanes)

    def test_paper_has_the_table_and_a_narrow_window_all(self):
        self.open("failed.html", width=500)
        self.assertLessEqual(
            self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"), 0
        )
        self.media("print")
        self.until(lambda: self.all("#steps tr"))
        self.assertEqual(self.all("#theme"), [])

    def test_nobody_is_kept_out(self):
        # It has everything that the other has, and a failure besides.
        for dark in (False, True):
            with self.subTest(dark=dark):
                self.open("failed.html", dark=dark)
                self.all("#lanes > li > .lane > button")[0].click()
                self.one("#list summary").click()
                self.assert_accessible()
