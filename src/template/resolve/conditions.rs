//! Which conditions of a template hold.

use serde_json::Value;

use super::{MAX_DEPTH, Resolver};

impl<'a> Resolver<'a> {
    /// Works out every condition of the template.
    pub(super) fn settle_conditions(&mut self) {
        let conditions = self.template.value().get("Conditions").and_then(Value::as_object);
        for name in conditions.into_iter().flat_map(serde_json::Map::keys) {
            self.settle(name, 0);
        }
    }

    fn settle(&mut self, name: &'a str, depth: usize) -> Option<bool> {
        if let Some(known) = self.conditions.get(name) {
            return *known;
        }
        let condition = self.template.value().get("Conditions")?.get(name)?;
        // A circle of conditions ends here.
        self.conditions.insert(name, None);
        let holds = self.holds(condition, depth);
        self.conditions.insert(name, holds);
        holds
    }

    fn holds(&mut self, value: &'a Value, depth: usize) -> Option<bool> {
        if depth > MAX_DEPTH {
            return None;
        }
        let map = value.as_object().filter(|map| map.len() == 1)?;
        let (function, argument) = map.iter().next()?;
        let operands = || argument.as_array().map(Vec::as_slice);
        match function.as_str() {
            "Condition" => self.settle(argument.as_str()?, depth + 1),
            "Fn::Equals" => match operands()? {
                [left, right] => Some(self.text(left)? == self.text(right)?),
                _ => None,
            },
            "Fn::Not" => self.holds(operands()?.first()?, depth + 1).map(|holds| !holds),
            "Fn::And" => self.decided_by(operands()?, false, depth),
            "Fn::Or" => self.decided_by(operands()?, true, depth),
            _ => None,
        }
    }

    /// What operands come to of which one that is `decisive` settles the matter, over others that are not known.
    fn decided_by(&mut self, operands: &'a [Value], decisive: bool, depth: usize) -> Option<bool> {
        let mut outcome = Some(!decisive);
        for operand in operands {
            match self.holds(operand, depth + 1) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => outcome = None,
            }
        }
        outcome
    }
}
