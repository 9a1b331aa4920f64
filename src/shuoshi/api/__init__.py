"""The faces for programs: what a browser is to a resident, these are to a platform. No rules, no cookies."""
