"""The page of a plan, as a reviewer uses it."""

from browser import Keys, PageTest, Select, WebElement


class PlanTest(PageTest):
    def names(self) -> list[str]:
        """The accounts that the matrix shows."""
        return self.script("return [...document.querySelectorAll('#rows .name')].map((one) => one.textContent)")

    def in_view(self, element: WebElement) -> bool:
        """Whether nothing lies over the middle of an element, and no edge cuts it off."""
        return self.script(
            "const {x, y, width, height} = arguments[0].getBoundingClientRect();"
            "return arguments[0].contains(document.elementFromPoint(x + width / 2, y + height / 2))",
            element,
        )

    def choose(self, field: str, value: str) -> None:
        Select(self.one(f"#{field}")).select_by_value(value)

    def test_the_search_finds_an_account_by_name_and_by_id(self):
        self.open("thousand.html")
        self.one("#q").send_keys("team-123-uat")
        self.assertEqual(self.names(), ["team-123-uat"])
        self.one("#clear").click()
        self.one("#q").send_keys("200000000042")
        self.assertEqual(self.names(), ["team-014-dev"])
        self.assertIn("1 of 1,000 accounts", self.one("#found").text)

    def test_the_search_finds_what_is_done(self):
        self.open("trouble.html")
        self.one("#q").send_keys("vpc-0a1b")
        self.assertTrue(self.names())
        for name in self.names():
            self.assertTrue(name.startswith("payments"), name)

    def test_the_search_finds_what_names_the_account_or_the_region(self):
        self.open("thousand.html")
        self.one("#q").send_keys("arn:aws:iam::200000000042:r")
        self.assertEqual(self.names(), ["team-014-dev"])
        self.one("#rows .cell").click()
        self.assertIn("arn:aws:iam::200000000042:role/KeyAdministrator", self.one("#detail").text)

    def test_one_click_after_the_search_shows_the_account_and_another_way_its_place(self):
        self.open("thousand.html")
        self.one("#q").send_keys("team-123-uat")
        self.one("#rows .name").click()
        self.assertEqual(self.one("#panel-title").text, "team-123-uat")
        self.assertIn("avm-kms", self.one("#detail").text)
        self.one("#close").click()
        self.one("#rows .cell").click()
        self.assertRegex(self.one("#panel-title").text, r"^team-123-uat, [a-z]+-[a-z]+-\d$")
        self.assertIn("avm-kms", self.one("#detail").text)

    def test_one_click_in_the_tree_shows_the_account_and_where_it_stands_among_the_others(self):
        self.open("thousand.html")
        self.assertFalse(self.all("#rows"), "the changes come first")
        self.all("#units .fold")[-1].click()
        leaf = self.all("#units .leaf")[-1]
        name = leaf.get_attribute("data-account")
        leaf.click()
        self.assertEqual(self.one("#panel-title").text, name)
        self.assertEqual(self.one("#units .leaf[aria-current]").text.split()[0], name)
        row = self.one("#rows .chosen")
        self.assertEqual(row.find_element("class name", "name").text, name)
        self.assertTrue(self.in_view(row), "far down in the table, and still to be seen")

    def test_regions_that_differ_in_nothing_but_their_names_are_told_once(self):
        self.open("thousand.html", "#account=team-123-uat")
        self.assertIn("17 regions", self.one("#detail h3").text)
        self.assertEqual(len(self.all("#detail h3")), 1)

    def test_what_is_found_far_to_the_right_is_in_view(self):
        self.open("vending.html", "#view=accounts", width=900)
        self.assertFalse(self.in_view(self.all("#columns th")[-1]), "more regions than fit")
        region = self.all("#columns th")[-1].text
        self.open("vending.html", f"#view=accounts&account=payments-dev&at={region}", width=900)
        self.assertTrue(self.in_view(self.one("#rows .cell.here")))
        self.open("trouble.html", width=900)
        self.one("#q").send_keys("vpc-0a1b")
        self.assertEqual(len(self.all("#columns th")), 2, "regions without a hit are left out")

    def test_the_views_are_tabs(self):
        self.open("vending.html")
        self.assertTrue(self.all("#changes .group"))
        self.one("#tab-changes").send_keys(Keys.ARROW_RIGHT)
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "tab-accounts")
        self.assertTrue(self.names())
        self.assertFalse(self.all("#changes"))
        self.driver.refresh()
        self.assertEqual(self.one("[role=tab][aria-selected=true]").text, "Accounts")

    def test_everything_is_unfolded_with_one_click(self):
        self.open("vending.html")
        self.assertGreater(len(self.all("#changes .group:not([open])")), 8)
        self.one("#unfold").click()
        self.assertFalse(self.all("#changes .group:not([open])"))
        self.assertEqual(self.one("#unfold").text, "Fold all")

    def test_filters_narrow_and_the_address_brings_them_back(self):
        self.open("trouble.html", "#view=accounts")
        before = self.names()
        self.choose("action", "blocked")
        blocked = self.names()
        self.assertTrue(set(blocked) < set(before), (blocked, before))
        self.choose("ou", "Workloads")
        self.one("#rows .cell.blocked").click()
        title, address = self.one("#panel-title").text, self.driver.current_url
        self.assertIn("action=blocked", address)
        self.driver.get("about:blank")
        self.driver.get(address)
        self.assertEqual((self.names(), self.one("#panel-title").text), (blocked, title))
        self.driver.refresh()
        self.assertEqual((self.names(), self.one("#panel-title").text), (blocked, title))
        self.assertEqual(self.one("#action").get_property("value"), "blocked")

    def test_every_filter_has_a_say(self):
        self.open("vending.html", "#view=accounts")
        for field in ("wave", "ou", "region", "action", "stack"):
            with self.subTest(field):
                values = self.script(
                    "return [...document.getElementById(arguments[0]).options].map((one) => one.value)", field
                )
                self.assertGreater(len(values), 1)
                self.choose(field, values[-1])
                self.assertIn(f"{field}=", self.driver.current_url)
                self.one("#clear").click()
        self.choose("region", "us-east-1")
        self.assertEqual([one.text for one in self.all("#columns th")], ["Account", "us-east-1"])

    def test_accounts_without_changes_are_shown_when_asked_for(self):
        self.open("trouble.html", "#view=accounts")
        before = len(self.names())
        self.one("#all").click()
        self.assertGreaterEqual(len(self.names()), before)
        self.assertIn("all=1", self.driver.current_url)

    def test_a_unit_of_the_tree_filters_and_unfolds(self):
        self.open("vending.html")
        before = len(self.names())
        unit = next(one for one in self.all("#units .unit") if one.text.startswith("Core"))
        unit.click()
        self.assertTrue(0 < len(self.names()) < before)
        self.assertEqual(self.one("#units [aria-current]").text.split()[0], "Core")
        fold = self.one("#units .fold")
        was = fold.get_attribute("aria-expanded")
        fold.click()
        self.assertNotEqual(self.one("#units .fold").get_attribute("aria-expanded"), was)

    def test_what_is_blocked_is_a_symbol_and_not_a_colour_alone(self):
        self.open("trouble.html")
        self.one("#q").send_keys("payments vpc-0a1b")
        cell = self.one("#rows .cell.blocked")
        self.assertTrue(cell.text.startswith("!"), cell.text)
        self.assertIn("1 blocked", cell.get_attribute("aria-label"))

    def test_what_cloudformation_refuses_is_blocked_although_avm_saw_nothing_wrong(self):
        self.open("trouble.html", "#q=refuses")
        self.assertEqual(self.names(), ["storefront-dev"])
        self.one("#rows .cell.blocked").click()
        refusal = self.one("#detail li.blocked")
        self.assertIn("CloudFormation refuses: the template is not valid", refusal.text)
        self.assertIn("<i>unknown</i> property", refusal.text)
        self.one("#tab-changes").click()
        self.assertIn("storefront-dev", self.one("#changes .blocked").text)

    def test_hostile_names_are_text(self):
        self.open("trouble.html")
        self.assertIn("</script><img src=x>", self.names())
        self.assertEqual(self.driver.find_elements("tag name", "img"), [])
        self.assertNotEqual(self.driver.title, "broken")

    def test_the_keyboard_is_enough(self):
        self.open("thousand.html")
        self.press(Keys.TAB)
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("class"), "skip")
        self.press(Keys.ENTER)
        self.script("document.getElementById('q').focus()")
        self.press("team-200")
        self.script("document.getElementById('matrix').focus()")
        self.press(Keys.TAB)
        opener = self.driver.switch_to.active_element.text
        self.assertEqual(opener, "team-200-dev")
        self.press(Keys.ENTER)
        self.assertEqual(self.driver.switch_to.active_element.get_attribute("id"), "panel-title")
        self.press(Keys.ESCAPE)
        self.assertFalse(self.all("#panel"))
        self.assertEqual(self.driver.switch_to.active_element.text, opener)
        self.press(Keys.ESCAPE)
        self.assertEqual(self.one("#q").get_property("value"), "")
        self.assertEqual(self.driver.current_url, f"{self.url}#view=accounts")

    def test_rows_come_as_they_are_needed_and_all_of_them_on_paper(self):
        self.open("thousand.html", "#view=accounts")
        self.assertLess(len(self.names()), 1000)
        before = len(self.names())
        self.script("document.querySelector('#rows .more').scrollIntoView()")
        self.until(lambda: len(self.names()) > before)
        self.media("print")
        self.until(lambda: len(self.names()) == 1000)

    def test_paper_has_everything_and_no_controls(self):
        self.open("trouble.html", "#view=accounts")
        self.assertTrue(self.all("#filters"))
        self.media("print")
        self.assertTrue(self.all("#changes") and self.all("#rows"), "both views are printed")
        for control in ("#filters", "#theme", ".units", ".skip"):
            self.assertEqual(self.all(control), [], control)
        closed = self.script(
            "return [...document.querySelectorAll('details .entries')]"
            ".filter((one) => !one.checkVisibility({contentVisibilityAuto: true}) || one.offsetHeight === 0).length"
        )
        self.assertEqual(closed, 0)

    def test_a_narrow_window_needs_no_scrolling_sideways(self):
        self.open("trouble.html", "#view=accounts", width=500)
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        self.assertLessEqual(self.script(wide), 0)
        self.all("#rows .name")[-1].click()
        below = "return arguments[0].getBoundingClientRect().bottom <= arguments[1].getBoundingClientRect().top"
        self.assertTrue(
            self.script(below, self.one("#rows .chosen"), self.one("#panel")), "the panel hides nothing that was chosen"
        )
        self.assertLessEqual(self.script(wide), 0)

    def test_light_and_dark_can_be_chosen(self):
        self.open("vending.html", dark=True)
        paper = "return getComputedStyle(document.body).backgroundColor"
        dark = self.script(paper)
        self.one("#theme").click()
        self.assertNotEqual(self.script(paper), dark)
        self.assertIn("theme=light", self.driver.current_url)

    def test_nobody_is_kept_out(self):
        # It has everything that the others have, and trouble besides.
        for dark in (False, True):
            with self.subTest(dark=dark):
                self.open("trouble.html", dark=dark)
                self.one("#unfold").click()
                self.assert_accessible()
                self.one("#tab-accounts").click()
                self.one("#rows .cell").click()
                self.assert_accessible()

    def test_nobody_is_kept_out_of_many(self):
        self.open("thousand.html")
        self.one("#tab-accounts").click()
        self.one("#q").send_keys("team-12")
        self.one("#rows .cell").click()
        self.assert_accessible()
