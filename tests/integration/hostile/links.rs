//! Links and paths that lead out of the folder.

use std::fs;
use std::os::unix::fs::symlink;

use avm::cli::Exit;

use crate::landing_zone::LandingZone;

#[tokio::test(start_paused = true)]
async fn no_link_leads_out_of_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    for (file, of_rules) in [
        ("landing-zone.yaml", false),
        ("baselines/standard.yaml", false),
        ("templates/kms-keys.yaml", false),
        ("guard/own.guard", true),
    ] {
        let zone = LandingZone::acme();
        let secret = outside.path().join("secret");
        if of_rules {
            fs::create_dir(zone.path("guard")).unwrap();
            fs::write(&secret, "rule SECRET { Resources exists }").unwrap();
        } else {
            fs::rename(zone.path(file), &secret).unwrap();
        }
        symlink(&secret, zone.path(file)).unwrap();
        let said = zone.avm("validate --strict").await;
        assert_eq!((said.exit, said.out.as_str()), (Exit::Failure, ""), "{file}");
        assert!(said.err.contains(file), "{file}: {}", said.err);
        assert!(said.err.contains("a symbolic link leads out of the folder"), "{}", said.err);
        assert!(!said.err.contains("SECRET"), "{}", said.err);
        assert_eq!(zone.simulation.calls(), []);
    }
}

#[tokio::test(start_paused = true)]
async fn links_within_the_folder_and_to_the_folder_are_fine() {
    let zone = LandingZone::acme();
    fs::rename(zone.path("templates"), zone.path("shared")).unwrap();
    symlink("shared", zone.path("templates")).unwrap();
    fs::rename(zone.path("baselines/standard.yaml"), zone.path("shared/standard.yaml")).unwrap();
    symlink("../shared/standard.yaml", zone.path("baselines/standard.yaml")).unwrap();
    let said = zone.avm("validate").await;
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));

    let elsewhere = tempfile::tempdir().unwrap();
    symlink(zone.path(""), elsewhere.path().join("zone")).unwrap();
    let folder = elsewhere.path().join("zone");
    let words = ["avm".into(), "-C".into(), folder.into(), "validate".into()];
    let said = zone.run(words.into()).await;
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
}

#[tokio::test(start_paused = true)]
async fn no_path_of_a_template_leads_out_of_its_folder() {
    for path in [
        "../../etc/passwd",
        "/etc/passwd",
        "../landing-zone.yaml",
        "a/../../b.yaml",
        "..\\\\x.yaml",
    ] {
        let zone = LandingZone::acme();
        zone.edit(
            "baselines/standard.yaml",
            "template: kms-keys.yaml",
            &format!("template: \"{path}\""),
        );
        let said = zone.avm("validate").await;
        assert_eq!(said.exit, Exit::Failure, "{path}");
        assert!(said.err.contains("baselines/standard.yaml"), "{path}: {}", said.err);
        assert!(!said.err.contains("root:"), "{path}: {}", said.err);
    }
}
